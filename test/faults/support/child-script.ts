import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * A script of this folder in a process of its own. It ends with its input, so that it does not
 * outlive the test.
 */
export class ChildScript {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exited: Promise<unknown>;
  #output = '';

  protected constructor(name: string, settings: object = {}) {
    const script = fileURLToPath(new URL(name, import.meta.url));
    const env = { ...process.env, SETTINGS: JSON.stringify(settings) };
    this.#child = spawn(process.execPath, [script], { env });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    this.#exited = once(this.#child, 'exit');
  }

  /** Waits for a line of its output. */
  async printed(line: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = line.exec(this.#output);
      if (found) return found;
      const next = await Promise.race([once(this.#child.stdout, 'data'), this.#exited.then(() => undefined)]);
      if (!next) throw new Error(`the script has ended and never said ${String(line)}:\n${this.#output}`);
    }
  }

  /**
   * Writes a line to its input, at once: it is there even where our own event loop is blocked from
   * now on.
   */
  tell(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
