import { EmbeddedAgent } from '../../../lib/testing/index.js';
import { CompanionApp, type CompanionOptions } from './companion-app.js';

/** An agent for each test, and the applications that register with it. */
export class Companions {
  #agent = new EmbeddedAgent();

  get agent(): EmbeddedAgent {
    return this.#agent;
  }

  readonly begin = async (): Promise<void> => {
    this.#agent = new EmbeddedAgent();
    await this.#agent.start();
  };

  readonly end = async (): Promise<void> => {
    await CompanionApp.killAll();
    await this.#agent.stop();
  };

  /** Starts an entry file of `apps`, and waits until the agent lists it. */
  async start(
    entry: string,
    { settings, ...options }: Partial<CompanionOptions> = {},
  ): Promise<CompanionApp> {
    const app = await CompanionApp.start(entry, {
      ...options,
      settings: { agent: this.#agent.url, ...settings },
    });
    await this.serving();
    return app;
  }

  /** Waits until the agent lists an application as serving. */
  async serving(): Promise<void> {
    await this.#agent.waitFor(() => this.#agent.services().some(({ state }) => state === 'Serving'));
  }
}
