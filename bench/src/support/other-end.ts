import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { profileArguments } from '../child.js';
import type { Answered } from '../ends/serve.js';

/** The programs in `ends/`. */
export type EndName = 'agent' | 'bare-agent' | 'app' | 'fleet' | 'importer';

/** The other end of a measurement, in a process of its own: an event loop that is shared would be measured too. */
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
      for (const [id, settle] of this.#waiting) settle({ id, error: `it ended with ${code ?? 'a signal'}` });
    });
  }

  /**
   * @param settings what the program finds, as JSON, in its first argument
   * @param flags for Node
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

  /** Has a command carried out and returns what came of it. */
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
