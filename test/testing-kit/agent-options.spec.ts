import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent, type SidecarAgentOptions } from '../../lib/index.js';
import { EmbeddedAgent, EmbeddedAgentError } from '../../lib/testing/index.js';
import { createGreeterApp } from '../support/greeter-app.js';

/** What Jest gives a test or a hook, in milliseconds. */
const JEST_TIMEOUT = 5_000;

describe('EmbeddedAgent.options()', () => {
  let agent: EmbeddedAgent;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(() => agent.stop());

  /** Starts a greeter with nothing but these options, and returns how long a task of it takes. */
  async function timed(task: (greeter: Awaited<ReturnType<typeof start>>) => Promise<void>): Promise<number> {
    const greeter = await start();
    const begin = performance.now();
    try {
      await task(greeter);
      return performance.now() - begin;
    } finally {
      await greeter.app.close();
    }
  }

  async function start() {
    const options: Partial<SidecarAgentOptions> = agent.options();
    const greeter = await createGreeterApp('microservice', options);
    await greeter.listen();
    await greeter.app.get(SidecarAgent).registered();
    return greeter;
  }

  it('has what a test needs', () => {
    expect(agent.options()).toEqual({
      baseUrl: agent.url,
      drainDelay: 0,
      gracePeriod: '1s',
      requestTimeout: '1s',
      reconnectInterval: 50,
      maxReconnectInterval: 200,
    });
  });

  it('needs an agent that has a port', () => {
    expect(() => new EmbeddedAgent().options()).toThrow(EmbeddedAgentError);
  });

  it('closes an application at once', async () => {
    const took = await timed(({ app }) => app.close());
    expect(took).toBeLessThan(1_000);
    expect(agent.requests().map(({ path }) => path)).toEqual([
      '/watch',
      '/register',
      '/drain',
      '/deregister',
    ]);
  });

  it.each(['/drain', '/deregister'] as const)(
    'closes an application within the time of a hook if the agent hangs at %s',
    async (path) => {
      agent.hang(path);
      expect(await timed(({ app }) => app.close())).toBeLessThan(JEST_TIMEOUT);
    },
  );

  it('registers again soon after the agent was away', async () => {
    const took = await timed(async ({ app }) => {
      await agent.restart();
      await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
      await app.get(SidecarAgent).registered();
    });
    expect(took).toBeLessThan(2_000);
  });
});
