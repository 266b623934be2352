import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A script of this folder in a process of its own. */
export class ChildApp {
  readonly exited: Promise<number | NodeJS.Signals>;
  output = '';
  readonly #child: ChildProcess;

  /** @param settings all of it must be JSON */
  constructor(name: string, settings: object) {
    const script = fileURLToPath(new URL(name, import.meta.url));
    const env = { ...process.env, SETTINGS: JSON.stringify(settings), NO_COLOR: '1' };
    this.#child = spawn(process.execPath, [script], { env, stdio: ['pipe', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    // `close`, not `exit`: all of the output has come.
    this.exited = once(this.#child, 'close').then(([code, signal]) => (code ?? signal) as number);
  }

  /** Waits for a line of its output. */
  async printed(text: string): Promise<void> {
    const { stdout } = this.#child;
    while (stdout && !this.output.includes(text)) {
      const next = await Promise.race([once(stdout, 'data'), this.exited]);
      if (!Array.isArray(next)) throw new Error(`it ended (${next}) and never said ${text}:\n${this.output}`);
    }
  }

  /** Sends a message, as PM2 does. */
  message(text: string): void {
    this.#child.send(text);
  }

  signal(...signals: NodeJS.Signals[]): void {
    for (const signal of signals) this.#child.kill(signal);
  }

  /** Gives an order. */
  order(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Ends it at once, if it is still there. */
  async kill(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.exited;
  }
}
