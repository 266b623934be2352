import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { tidyNestLine } from './nest-log.js';
import { say } from './printer.js';

/** How a process ended: with an exit code, or by a signal. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The service in its own process. Its output is printed. */
export class ServiceProcess {
  /** Resolves when the process has ended and all its output is printed. */
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;
  readonly #gone = new AbortController();

  constructor(env: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, [fileURLToPath(new URL('guarded-main.js', import.meta.url))], {
      env,
      // Through the fourth, a channel, the child notices when this process dies.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // In its own process group, so that Ctrl-C reaches only this process, which first makes sure
      // that the agent is running. It does no harm if the service gets the signal too, or twice.
      detached: true,
      windowsHide: true,
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => resolve({ code, signal }));
      this.#child.once('error', (error) => {
        say('service', error.message);
        if (this.#child.pid === undefined) resolve({ code: 1, signal: null });
      });
    });
    void this.ended.then(() => this.#gone.abort());
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', relay);
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Aborts when the process has ended. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(signal);
  }
}

function relay(line: string): void {
  const text = tidyNestLine(line);
  if (text !== undefined) say('service', text);
}
