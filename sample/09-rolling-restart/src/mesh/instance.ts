import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../service/main.js', import.meta.url));

/** The state on the agent; at the end, how the process ended. */
export type Phase = 'starting' | 'Registered' | 'Serving' | 'Draining' | 'Deregistered' | 'exited' | 'killed';

/** One process of a service. */
export class Instance {
  readonly id: string;
  /** The exit code, or the name of the signal that ended the process. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** When the instance entered each phase, as `performance.now()`. */
  readonly at = new Map<Phase, number>();
  /** When the router sent its last call here. */
  lastCallAt = NaN;
  output = '';
  readonly #child: ChildProcess;
  #phase: Phase = 'starting';

  constructor(id: string, env: Readonly<Record<string, string>>) {
    this.id = id;
    this.#child = spawn(process.execPath, [MAIN], {
      env: { ...process.env, ...env, INSTANCE_ID: id, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // In its own process group, so that Ctrl-C reaches only this sample.
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.ended = once(this.#child, 'exit').then(([code, signal]) => {
      this.enter('exited');
      return (code ?? signal) as number | NodeJS.Signals;
    });
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Enters a phase. A process that has ended stays so, whatever the agent says. */
  enter(phase: Phase): void {
    if (this.#phase === 'exited' || this.#phase === 'killed') return;
    this.#phase = phase;
    this.at.set(phase, performance.now());
  }

  terminate(): void {
    this.#child.kill('SIGTERM');
  }

  kill(): void {
    this.enter('killed');
    this.#child.kill('SIGKILL');
  }
}
