import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { statusWhere } from '../support/status-where.js';
import type { CatalogWatch } from './support/catalog-watch.js';
import { ConsulAgent } from './support/consul-agent.js';
import { endGreeters, newName, spawnGreeter, startRegistered, watchCatalog } from './support/greeters.js';

describe('Consul servers that end', () => {
  afterEach(async () => {
    await endGreeters();
    await ConsulAgent.endAll();
  });

  const isReady = (expected: boolean) => (status: { readonly agent: { readonly ready?: boolean } | null }) =>
    status.agent?.ready === expected;

  const weightOf = ({ entries }: CatalogWatch) => entries[0]?.Service.Weights.Passing;

  /** Three servers, the leader first, and an agent that is none. */
  async function startFour() {
    const servers = await ConsulAgent.startThree();
    const leading = await Promise.all(servers.map((server) => server.leads()));
    const leader = servers[leading.indexOf(true)] ?? fail();
    const [follower = fail(), other = fail()] = servers.filter((server) => server !== leader);
    return { leader, follower, other, client: await ConsulAgent.start({ server: follower }) };
  }

  it('the only one: the agent takes registers on, and the status says that it is not ready', async () => {
    const server = await ConsulAgent.start();
    const client = await ConsulAgent.start({ server });
    const { app, sidecar, watch } = await startRegistered(client, {}, server);
    expect(sidecar.status().agent).toMatchObject({ service: 'consul', ready: true });
    await server.end('SIGKILL');
    expect(await statusWhere(app, isReady(false))).toMatchObject({ registered: true, connected: true });
    await sidecar.update({ weight: 7 });
    await server.startAgain();
    await statusWhere(app, isReady(true));
    await watch.until(() => weightOf(watch) === 7, 40_000);
    expect(sidecar.status()).toMatchObject({ registered: true, disconnectCount: 0 });
  });

  it('the leader of three: registered throughout, and no flap', async () => {
    const { leader, follower, client } = await startFour();
    // During an election an agent may be busy for seconds, too long for a TTL of three.
    const patient = { consul: { ttl: '10s' }, sidecar: { requestTimeout: '10s' } };
    const { app, sidecar, watch } = await startRegistered(client, patient, follower);
    const { length } = watch.sights;
    await leader.end('SIGKILL');
    await eventually(() => follower.api.hasLeader(), 20_000);
    await statusWhere(app, isReady(true));
    await sidecar.update({ weight: 7 });
    await watch.until(() => weightOf(watch) === 7, 40_000);
    expect(watch.sights.length).toBe(length);
    expect(sidecar.status()).toMatchObject({ registered: true, disconnectCount: 0 });
  });

  it('two of three: the status says so at the third, and all is well when they are back', async () => {
    const { leader, follower, other } = await startFour();
    const { app, id, sidecar, watch } = await startRegistered(follower);
    await leader.end('SIGKILL');
    await other.end('SIGKILL');
    const { agent } = await statusWhere(app, isReady(false));
    expect(agent).toEqual({ service: 'consul', ready: false, status: 'no leader' });
    await Promise.all([leader.startAgain(), other.startAgain()]);
    await sidecar.registered();
    await statusWhere(app, isReady(true));
    await sidecar.update({ weight: 7 });
    await watch.until(({ health }) => health[id] === 'passing' && weightOf(watch) === 7, 40_000);
  });

  it('two of three: a service leaves within its limits, though no call is answered', async () => {
    const { leader, follower, other, client } = await startFour();
    const name = newName();
    const sidecar = { requestTimeout: '1s', shutdownTimeout: '5s' };
    const { process } = await spawnGreeter(client, name, { sidecar, managed: false });
    await watchCatalog(follower, name).untilPassing(1);
    await leader.end('SIGKILL');
    await other.end('SIGKILL');
    await eventually(async () => !(await client.api.hasLeader()), 20_000);
    const begin = performance.now();
    process.signal('SIGTERM');
    expect(await process.exited).toBe(0);
    expect(performance.now() - begin).toBeLessThan(8_000);
  });
});

function fail(): never {
  throw new Error('there are not three servers with one leader');
}
