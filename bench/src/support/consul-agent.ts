import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.js';
import { setTimeout as sleep } from 'node:timers/promises';

/** What `test/consul/install.mjs` has unpacked, or the binary that the environment names. */
const BINARY = process.env.CONSUL_BIN || fileURLToPath(new URL('../../../.consul/consul', import.meta.url));

/** Milliseconds of a tick of the kernel, in which it counts the CPU time of processes. */
const TICK = 10;

/** A Consul agent in a process of its own, with its data in memory. */
export class ConsulAgent {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** Starts an agent, and waits until it leads. Returns `undefined` if there is no Consul. */
  static async start(): Promise<ConsulAgent | undefined> {
    if (!existsSync(BINARY)) return undefined;
    const ports = { http: await freePort(), serf_lan: await freePort(), server: await freePort() };
    const config = { ports: { ...ports, dns: -1, grpc: -1, serf_wan: -1 }, disable_update_check: true };
    const flags = ['agent', '-dev', '-bind=127.0.0.1', '-log-level=err', '-hcl', JSON.stringify(config)];
    const child = spawn(BINARY, flags, { stdio: 'ignore' });
    const agent = new ConsulAgent(`http://127.0.0.1:${ports.http}`, child);
    while (!(await agent.#leads())) {
      if (child.exitCode !== null) throw new Error(`${BINARY} ended with ${child.exitCode}`);
      await sleep(50);
    }
    return agent;
  }

  /** Milliseconds of CPU since its start. */
  cpu(): number {
    // The name of the program, in parentheses, may contain blanks.
    const [, fields = ''] = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ');
    const [user, system] = fields.split(' ').slice(11, 13).map(Number);
    return ((user ?? 0) + (system ?? 0)) * TICK;
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async #leads(): Promise<boolean> {
    const answer = await fetch(`${this.url}/v1/status/leader`).catch(() => undefined);
    return answer?.ok === true && Boolean(await answer.json());
  }
}
