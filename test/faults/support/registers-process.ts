import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A script of this folder in a process of its own. */
export class ScriptProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly exited: Promise<number | NodeJS.Signals | null>;
  output = '';

  /** @param settings all that the script is told, as JSON in its variable GREETER */
  constructor(script: string, settings: object) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    const env = { ...process.env, GREETER: JSON.stringify(settings), NO_COLOR: '1' };
    this.#child = spawn(process.execPath, [path], { env });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    // All that it has printed has been read by then.
    this.exited = once(this.#child, 'close').then(
      ([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null,
    );
  }

  /** Waits for words of its output. */
  async printed(words: string): Promise<void> {
    while (!this.output.includes(words)) {
      const over = new AbortController();
      const next = once(this.#child.stdout, 'data', { signal: over.signal }).catch(() => undefined);
      if (Array.isArray(await Promise.race([next, this.exited]))) continue;
      over.abort();
      if (!this.output.includes(words)) throw new Error(`ended, and never said ${words}:\n${this.output}`);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  endInput(): void {
    this.#child.stdin.end();
  }

  /** Ends it at once, if it is still there. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }
}
