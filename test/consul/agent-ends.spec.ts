import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { statusWhere } from '../support/status-where.js';
import { ConsulAgent } from './support/consul-agent.js';
import { endGreeters, startRegistered } from './support/greeters.js';

describe('a Consul agent that ends', () => {
  let server: ConsulAgent;
  let client: ConsulAgent;

  beforeAll(async () => {
    server = await ConsulAgent.start();
    client = await ConsulAgent.start({ server });
  });
  afterEach(endGreeters);
  afterAll(() => ConsulAgent.endAll());

  /** A greeter at the client, watched at the server. */
  const start = () => startRegistered(client, { sidecar: { requestTimeout: '1s' } }, server);
  type Greeter = Awaited<ReturnType<typeof start>>;

  /** Ends the client, and waits until the module knows. Returns how long that took. */
  async function end({ app }: Greeter, signal: 'SIGTERM' | 'SIGKILL'): Promise<number> {
    const ended = client.end(signal).then(() => performance.now());
    await statusWhere(app, ({ connected, registered }) => !connected && !registered);
    const known = performance.now();
    return known - (await ended);
  }

  const registeredAgain = ({ app }: Greeter) => statusWhere(app, ({ registered }) => registered);

  it('killed with its data kept: noticed at once, registered again, and no flap', async () => {
    const greeter = await start();
    const { watch, sidecar } = greeter;
    const { length } = watch.sights;
    expect(await end(greeter, 'SIGKILL')).toBeLessThan(500);
    await client.startAgain();
    await registeredAgain(greeter);
    // All that the agent has told the servers by now is in the catalog with this.
    await sidecar.update({ weight: 7 });
    await watch.until(() => watch.entries[0]?.Service.Weights.Passing === 7);
    expect(watch.sights.length).toBe(length);
    expect(sidecar.status()).toMatchObject({
      disconnectCount: 1,
      lastErrorKind: expect.stringMatching(/^watch_/),
    });
  });

  it('killed and its data lost: registered again', async () => {
    const greeter = await start();
    await end(greeter, 'SIGKILL');
    await client.loseData();
    await client.startAgain();
    await registeredAgain(greeter);
    const { id, watch } = greeter;
    await watch.until(({ health }) => health[id] === 'passing');
    expect(Object.keys(await client.api.services())).toEqual([id]);
  });

  it('ended with SIGTERM, at which it leaves: registered again when it is back', async () => {
    const greeter = await start();
    const { watch } = greeter;
    const ended = end(greeter, 'SIGTERM');
    await watch.until(({ health }) => Object.keys(health).length === 0);
    await ended;
    await client.startAgain();
    await registeredAgain(greeter);
    await watch.untilPassing(1);
  });

  it('ended with SIGTERM, and told not to leave then: no flap', async () => {
    const config = { leave_on_terminate: false };
    const staying = await ConsulAgent.start({ server, config });
    const { app, sidecar, watch } = await startRegistered(staying, {}, server);
    const { length } = watch.sights;
    await staying.end('SIGTERM');
    await statusWhere(app, ({ connected }) => !connected);
    await staying.startAgain();
    await statusWhere(app, ({ registered }) => registered);
    await sidecar.update({ weight: 7 });
    await watch.until(() => watch.entries[0]?.Service.Weights.Passing === 7);
    expect(watch.sights.length).toBe(length);
  });

  it('stopped with SIGSTOP: noticed, and passing again when it goes on', async () => {
    const greeter = await start();
    const { app, watch } = greeter;
    // It is in the middle of a long poll then.
    await statusWhere(app, ({ lastEventType }) => lastEventType === 'heartbeat');
    const begin = performance.now();
    client.signal('SIGSTOP');
    try {
      const { lastErrorKind } = await statusWhere(app, ({ connected }) => !connected);
      // The wait is a third of the TTL and up to 1/16 more; then the request timeout is over.
      expect(performance.now() - begin).toBeLessThan(3_000);
      expect(lastErrorKind).toBe('watch_idle_timeout');
    } finally {
      client.signal('SIGCONT');
    }
    await registeredAgain(greeter);
    await watch.untilPassing(1, 30_000);
  });

  it("does not lift an operator's maintenance when it is back", async () => {
    const greeter = await start();
    const { id, watch } = greeter;
    await client.api.maintenance(id, true);
    await watch.until(({ health }) => health[id] === 'maintenance');
    const { length } = watch.sights;
    await end(greeter, 'SIGKILL');
    await client.startAgain();
    await registeredAgain(greeter);
    await greeter.sidecar.update({ weight: 7 });
    await watch.until(() => watch.entries[0]?.Service.Weights.Passing === 7);
    expect(watch.sights.length).toBe(length);
    await client.api.maintenance(id, false);
    await watch.untilPassing(1);
  });
});
