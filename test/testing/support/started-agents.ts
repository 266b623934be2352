import { EmbeddedAgent, type EmbeddedAgentOptions } from '../../../lib/testing/index.js';

/** The agents of a test, which are stopped together. */
export class StartedAgents {
  readonly #agents: EmbeddedAgent[] = [];

  readonly create = (options?: EmbeddedAgentOptions): EmbeddedAgent => {
    const agent = new EmbeddedAgent(options);
    this.#agents.push(agent);
    return agent;
  };

  readonly start = async (options?: EmbeddedAgentOptions): Promise<EmbeddedAgent> => {
    const agent = this.create(options);
    await agent.start();
    return agent;
  };

  readonly stop = async (): Promise<void> => {
    await Promise.all(this.#agents.splice(0).map((agent) => agent.stop()));
  };
}
