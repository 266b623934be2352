import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../support/eventually.js';
import { freePort } from '../../support/free-port.js';
import { ConsulApi } from './consul-api.js';

/** What `test/consul/install.mjs` has unpacked, or the binary that the environment names. */
export const BINARY =
  process.env.CONSUL_BIN || fileURLToPath(new URL('../../../.consul/consul', import.meta.url));
/** The time limit of a start, in milliseconds: an election, and a join. */
const START = 30_000;

export interface ConsulSettings {
  /** The server that this agent joins as a client. Without one it is a server itself. */
  readonly server?: ConsulAgent;
  /** More of the configuration, in Consul's own words. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** The path of a Unix socket on which it listens, too. */
  readonly socket?: string;
  /** Ports of its own, beside those that every agent has. */
  readonly ports?: Readonly<Record<string, number>>;
  /** What the tests call it with. */
  readonly token?: string;
}

/** A Consul agent in a process of its own, on a loopback address and in a folder of its own. */
export class ConsulAgent {
  static readonly #started = new Set<ConsulAgent>();

  readonly api: ConsulApi;
  /** Where other agents join it. */
  readonly gossip: string;
  readonly #folder: string;
  readonly #node: string;
  #child: ChildProcess;
  #output = '';

  private constructor(folder: string, node: string, gossip: string, url: string, token?: string) {
    this.#folder = folder;
    this.#node = node;
    this.gossip = gossip;
    this.api = new ConsulApi(url, token);
    this.#child = this.#spawn();
    ConsulAgent.#started.add(this);
  }

  /** Starts an agent, and waits until it knows a leader. */
  static async start(settings: ConsulSettings = {}): Promise<ConsulAgent> {
    const agent = await this.#spawnNew(settings);
    await agent.#ready();
    return agent;
  }

  /** Starts three servers, and waits until one of them leads. */
  static async startThree(): Promise<ConsulAgent[]> {
    const config = { bootstrap: false, bootstrap_expect: 3 };
    const first = await this.#spawnNew({ config });
    const join = { ...config, server: true, ...joining(first) };
    const servers = [first, await this.#spawnNew({ config: join }), await this.#spawnNew({ config: join })];
    for (const server of servers) await server.#ready();
    return servers;
  }

  static async #spawnNew({ server, config, ports, socket, token }: ConsulSettings): Promise<ConsulAgent> {
    const folder = await mkdtemp(join(tmpdir(), 'consul-'));
    const node = `node-${randomInt(1e9)}`;
    const address = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;
    const own = { http: await freePort(), serf_lan: await freePort(), server: await freePort() };
    const whole = {
      node_name: node,
      // A node that has lost its data is the same node.
      node_id: randomUUID(),
      data_dir: join(folder, 'data'),
      bind_addr: address,
      client_addr: address,
      ports: { ...own, dns: -1, grpc: -1, serf_wan: -1, ...ports },
      ...(server ? joining(server) : { server: true, bootstrap: true }),
      ...(socket && { addresses: { http: `${address} unix://${socket}` } }),
      performance: { raft_multiplier: 1 },
      disable_update_check: true,
      log_level: 'WARN',
      ...config,
    };
    await writeFile(join(folder, 'config.json'), JSON.stringify(whole));
    return new ConsulAgent(
      folder,
      node,
      `${address}:${own.serf_lan}`,
      `http://${address}:${own.http}`,
      token,
    );
  }

  /** Ends the agents that a spec has started, and deletes their folders. */
  static async endAll(): Promise<void> {
    const agents = [...this.#started];
    this.#started.clear();
    for (const agent of agents) {
      await agent.end('SIGKILL');
      await rm(agent.#folder, { recursive: true, force: true });
    }
  }

  /** The address of its HTTP API, such as `http://127.3.4.5:20123`. */
  get url(): string {
    return this.api.url;
  }

  /** The loopback address that is its alone. */
  get address(): string {
    return new URL(this.url).hostname;
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(name);
  }

  /** Ends the process, and waits for that. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exited;
  }

  /** Whether it leads the servers. */
  async leads(): Promise<boolean> {
    const leader = await this.api.get<string>('status/leader');
    return leader.startsWith(`${this.address}:`);
  }

  /** Starts the ended process again, and waits until it knows a leader. */
  async startAgain(): Promise<void> {
    this.#child = this.#spawn();
    await this.#ready();
  }

  /** Deletes what the ended process has kept: its services, and the catalog if it is a server. */
  async loseData(): Promise<void> {
    await rm(join(this.#folder, 'data'), { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    const child = this.#child;
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`Consul ended with ${child.exitCode}:\n${this.#output}`);
      return this.api.hasLeader();
    }, START);
    // A client of a server is in the catalog a moment later.
    await eventually(async () => {
      const nodes = await this.api.get<{ Node: string }[]>('catalog/nodes').catch(() => []);
      return nodes.some(({ Node }) => Node === this.#node);
    }, START);
  }

  #spawn(): ChildProcess {
    const child = spawn(BINARY, ['agent', '-config-file', join(this.#folder, 'config.json')], {
      // The environment of the tests must not configure it, and a Ctrl-C ends the tests first.
      env: { PATH: process.env.PATH },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    return child;
  }
}

/** The configuration of an agent that joins another. */
function joining({ gossip }: ConsulAgent) {
  return { retry_join: [gossip], retry_interval: '1s' };
}
