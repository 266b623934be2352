import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A tool that runs a service, in a process group of its own. */
export class Tool {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly exited: Promise<number | NodeJS.Signals>;
  output = '';

  constructor(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
    this.#child = spawn(command, args, {
      cwd,
      env: { ...process.env, NO_COLOR: '1', ...env },
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.exited = once(this.#child, 'exit').then(([code, signal]) => (code ?? signal) as number);
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the tool was not started');
    return this.#child.pid;
  }

  /** Sends a signal to the tool alone, as a supervisor does. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Sends SIGINT to all of its processes, as a terminal does at Ctrl-C. */
  interrupt(): void {
    signalGroup(this.pid, 'SIGINT');
  }

  /** Kills the tool, and whatever it has left. */
  async close(): Promise<void> {
    signalGroup(this.pid, 'SIGKILL');
    await this.exited;
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // All of them have ended.
  }
}
