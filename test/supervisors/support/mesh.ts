import { once } from 'node:events';
import { connect } from 'node:net';
import { type AgentInstance, EmbeddedAgent } from '../../../lib/testing/index.js';
import { freePort } from '../../support/free-port.js';
import { ServiceFolder } from './service-folder.js';

/** An agent, and the folder of a service that registers with it. */
export class Mesh {
  private constructor(
    readonly agent: EmbeddedAgent,
    readonly folder: ServiceFolder,
  ) {}

  static async create(): Promise<Mesh> {
    const agent = new EmbeddedAgent({ dialect: 'node' });
    await agent.start();
    return new Mesh(agent, await ServiceFolder.create(await freePort()));
  }

  /** The environment of the service. In production it leaves with the defaults of the module. */
  env(mode: 'production' | 'development'): Readonly<Record<string, string>> {
    return { SIDECAR_AGENT_BASE_URL: this.agent.url, NODE_ENV: mode };
  }

  /** What the agent has not deregistered: of a service that has ended, a dead instance. */
  get held(): readonly AgentInstance[] {
    return this.agent.services().filter(({ state }) => state !== 'Deregistered');
  }

  /** Waits until the agent lists this version alone as serving, and its port answers. */
  async isUp(version = 'v0', output = () => ''): Promise<void> {
    await this.agent
      .waitFor(
        () => {
          const serving = this.held.filter(({ state }) => state === 'Serving');
          return serving.length === 1 && serving[0]?.version === version;
        },
        { timeout: 30_000, description: `${version} to be the only one Serving` },
      )
      .catch((failure: unknown) => {
        throw new Error(`${String(failure)}\n${JSON.stringify(this.agent.services())}\n${output()}`);
      });
    const socket = connect(this.folder.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.destroy();
  }

  async close(): Promise<void> {
    await this.agent.stop();
    await this.folder.remove();
  }
}
