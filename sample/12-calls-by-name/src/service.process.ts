import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** One of the two services in a process of its own. */
export class ServiceProcess {
  /** The exit code, or the name of the signal that ended the process. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly #name: string;
  readonly #child: ChildProcess;
  #output = '';

  constructor(name: 'orders' | 'shipping') {
    this.#name = name;
    this.#child = fork(fileURLToPath(new URL(`${name}/main.js`, import.meta.url)), {
      env: { ...process.env, NO_COLOR: '1' },
      silent: true,
      // In its own process group, so that Ctrl-C reaches only this sample.
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    this.ended = once(this.#child, 'exit').then(
      ([code, signal]) => (code ?? signal) as number | NodeJS.Signals,
    );
  }

  /** Rejects with its output if the process ends. */
  async untilItEnds(): Promise<never> {
    const end = await this.ended;
    throw new Error(`${this.#name} ended with ${end}:\n${this.#output}`);
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(signal);
  }
}
