import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgentModule } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { ConstantCallers } from '../support/constant-callers.js';
import { freePort } from '../support/free-port.js';
import {
  createGreeterApp,
  type GreeterApp,
  type GreeterOptions,
  greeterOptions,
} from '../support/greeter-app.js';
import { BIG, GreeterClient } from '../support/greeter.js';
import { statusWhere } from '../support/status-where.js';
import { postedPaths } from '../support/posted-paths.js';

describe('the last calls', () => {
  let agent: EmbeddedAgent;
  let greeter: GreeterApp;
  let client: GreeterClient;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    await greeter.app.close();
    client.close();
    await agent.stop();
  });

  async function start(more: GreeterOptions, settings: Parameters<typeof createGreeterApp>[2] = {}) {
    greeter = await createGreeterApp('microservice', { baseUrl: agent.url, ...more }, settings);
    client = new GreeterClient(greeter.port);
    await greeter.listen();
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
  }

  const posts = (of: EmbeddedAgent = agent) => postedPaths(of.requests());

  it('a stream that a slow client still reads is in flight, though its handler is done', async () => {
    await start({});
    const stream = client.count('big');
    await stream.begun;
    stream.pause();
    const closed = greeter.app.close();
    const draining = await statusWhere(greeter.app, ({ state }) => state === 'Draining');
    expect(draining.inFlight).toBe(1);
    stream.resume();
    await expect(stream.answer).resolves.toHaveLength(BIG);
    await closed;
  });

  it('a stream without end leaves time for the deregister, where shutdownTimeout is below gracePeriod', async () => {
    await start({ gracePeriod: '1m', requestTimeout: 300, shutdownTimeout: 900 });
    const stream = client.count('endless');
    const cut = expect(stream.answer).rejects.toThrow();
    await stream.begun;
    await greeter.app.close();
    await cut;
    expect(posts()).toEqual(['/register', '/drain', '/deregister']);
  });

  it('two modules of one application both leave before the server closes', async () => {
    const other = new EmbeddedAgent();
    await other.start();
    try {
      const port = await freePort();
      const service = { name: 'greeter-of-another-mesh' };
      const second = SidecarAgentModule.forRoot({
        ...greeterOptions(port, { baseUrl: other.url, service }),
        isGlobal: false,
      });
      await start({}, { port, imports: [second] });
      await other.waitFor(() => other.services().some(({ state }) => state === 'Serving'));
      const [ours, theirs] = [drainHeld(agent), drainHeld(other)];
      const closed = greeter.app.close();
      const first = await Promise.race([ours, theirs]);
      await expect(client.greet('you')).resolves.toBe('hello you');
      first.resume('/drain');
      const last = await (first === agent ? theirs : ours);
      await expect(client.greet('you too')).resolves.toBe('hello you too');
      last.resume('/drain');
      await closed;
      expect([posts(agent), posts(other)]).toEqual(Array(2).fill(['/register', '/drain', '/deregister']));
    } finally {
      await other.stop();
    }
  });

  it('callers that never stop are told of when the grace period is over', async () => {
    await start({ drainDelay: 'auto', gracePeriod: '1s' });
    const callers = new ConstantCallers(greeter.port);
    await callers.answers(20);
    await greeter.app.close();
    await callers.close();
    expect(greeter.logs.sidecar.at(-1)).toMatch(
      /^warn Left the mesh: greeter, though callers go on \(\d+ calls arrived after the drain, the last one after \d\.\d s\)/,
    );
  });

  /** Holds the drain of an agent, and tells when it has come. */
  function drainHeld(one: EmbeddedAgent): Promise<EmbeddedAgent> {
    one.hang('/drain');
    return new Promise((resolve) => one.on('request', ({ path }) => path === '/drain' && resolve(one)));
  }
});
