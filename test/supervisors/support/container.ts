import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import { childrenOf } from './children.js';
import { Tool } from './tool.js';

/** How a container ended. */
export interface ContainerEnd {
  /** Whether it was killed, since the time was over. */
  readonly killed: boolean;
  /** The time from the signal to the end, in milliseconds. */
  readonly took: number;
}

/**
 * A command as process 1 of PID and mount namespaces of its own: what a container is to signals. It
 * is stopped as Docker and Kubernetes stop one: SIGTERM to process 1, SIGKILL after a time.
 */
export class Container {
  readonly #tool: Tool;

  /** @throws {Error} if this user may not make namespaces here */
  constructor(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
    requireNamespaces();
    this.#tool = new Tool('unshare', [...NAMESPACES, ...command], cwd, env);
  }

  get output(): string {
    return this.#tool.output;
  }

  /** Stops it as `docker stop --time` does. */
  async stop(seconds: number): Promise<ContainerEnd> {
    const started = performance.now();
    const pid = await this.#processOne();
    process.kill(pid, 'SIGTERM');
    const time = new AbortController();
    const isOver = delay(seconds * 1_000, true, { signal: time.signal }).catch(() => false);
    const killed = await Promise.race([isOver, this.#tool.exited.then(() => false)]);
    if (killed) process.kill(pid, 'SIGKILL');
    time.abort();
    await this.#tool.exited;
    return { killed, took: performance.now() - started };
  }

  /** Sends a signal to the first child of process 1 whose command line is this. */
  async signalChild(command: string, signal: NodeJS.Signals): Promise<void> {
    const one = await this.#processOne();
    const child = await eventually(() => childrenOf(one).find((pid) => commandOf(pid) === command));
    process.kill(child, signal);
  }

  /** Waits for its end. */
  ended(): Promise<number | NodeJS.Signals> {
    return this.#tool.exited;
  }

  /** Ends it at once. */
  async close(): Promise<void> {
    await this.#tool.close();
  }

  /** Returns the id that process 1 has outside. */
  #processOne(): Promise<number> {
    return eventually(() => childrenOf(this.#tool.pid)[0]);
  }
}

/** If `unshare` ends, so does process 1, and with it the namespace. */
const OWN = ['--pid', '--mount', '--fork', '--mount-proc', '--kill-child'];
const NAMESPACES = process.getuid?.() === 0 ? OWN : ['--user', '--map-root-user', ...OWN];

function requireNamespaces(): void {
  const { status, stderr, error } = spawnSync('unshare', [...NAMESPACES, 'true'], { encoding: 'utf8' });
  if (status === 0) return;
  throw new Error(
    `Process 1 was NOT tested: this user may not make a PID namespace here (${error?.message ?? stderr.trim()}). ` +
      'Run the test on Linux as root, or allow user namespaces',
  );
}

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
}
