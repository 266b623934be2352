import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SidecarStatus } from '../../lib/index.js';
import { eventually } from './eventually.js';
import type { GreeterSettings } from './greeter-process.js';

/** The greeters of a node:cluster, which share one port. */
export class GreeterCluster {
  readonly #primary: ChildProcessWithoutNullStreams;
  readonly #exited: Promise<unknown>;
  output = '';

  constructor(settings: GreeterSettings) {
    const script = fileURLToPath(new URL('cluster-main.mjs', import.meta.url));
    const env = { ...process.env, GREETER: JSON.stringify(settings), NO_COLOR: '1' };
    this.#primary = spawn(process.execPath, [script], { env });
    for (const stream of [this.#primary.stdout, this.#primary.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.#exited = once(this.#primary, 'exit');
  }

  /** Starts a worker. Resolves with its process id when it listens. */
  async fork(): Promise<number> {
    const before = this.#events('LISTENS').length;
    this.#primary.stdin.write('fork\n');
    const worker = await eventually(() => this.#events('LISTENS')[before], 10_000);
    return worker.pid;
  }

  signal(pid: number, signal: NodeJS.Signals): void {
    process.kill(pid, signal);
  }

  /** Waits for the end of a worker. Resolves with its exit code, or the signal that ended it. */
  async exited(pid: number): Promise<unknown> {
    const found = () => this.#events('EXITED').find((event) => event.pid === pid);
    return (await eventually(found, 15_000)).detail;
  }

  /** Asks a worker for its status. */
  async status(pid: number): Promise<SidecarStatus> {
    const told = () => this.#events('STATUS').filter((event) => event.pid === pid);
    const before = told().length;
    this.#primary.stdin.write(`status ${pid}\n`);
    return (await eventually(() => told()[before], 5_000)).detail as SidecarStatus;
  }

  /** Kills the workers and the primary. */
  async close(): Promise<void> {
    this.#primary.stdin.end();
    await this.#exited;
  }

  #events(name: string): { pid: number; detail: unknown }[] {
    const lines = [...this.output.matchAll(new RegExp(`^${name} (\\d+) (.*)$`, 'gm'))];
    return lines.map(([, pid, detail]) => ({
      pid: Number(pid),
      detail: JSON.parse(detail ?? '') as unknown,
    }));
  }
}
