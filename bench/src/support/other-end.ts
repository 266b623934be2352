import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { profileArguments } from '../child.js';
import type { Answered } from '../ends/serve.js';

/** The programs in `ends/`. */
export type EndName = 'agent' | 'bare-agent' | 'app' | 'fleet' | 'importer';

/** The other end of a measurement. It has its own process, because a shared loop would count. */
export class OtherEnd {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answered) => void>();
  #asked = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (answer: Answered) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    child.once('exit', (code) => {
      for (const [id, settle] of this.#waiting)
        settle({
          id,
          error: `the process ended: ${code === null ? 'killed by a signal' : `exit code ${code}`}`,
        });
    });
  }

  /**
   * @param settings the program gets them as JSON in its first argument
   * @param flags flags for Node
   */
  static async start(name: EndName, settings: object = {}, flags: readonly string[] = []): Promise<OtherEnd> {
    const file = fileURLToPath(new URL(`../ends/${name}.js`, import.meta.url));
    const child = fork(file, [JSON.stringify(settings)], {
      execArgv: ['--expose-gc', ...flags, ...profileArguments(process.env.BENCH_PROFILES, `end-${name}`)],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    await once(child, 'message');
    return new OtherEnd(child);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Sends a command and returns its result. */
  async ask<T = void>(command: string, argument?: unknown): Promise<T> {
    const id = (this.#asked += 1);
    const { value, error } = await new Promise<Answered>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.send({ id, command, argument });
    });
    if (error !== undefined) throw new Error(`the command ${command} failed: ${error}`);
    return value as T;
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}
