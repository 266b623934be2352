import { afterAll, afterEach, expect, it } from '@jest/globals';
import { CatalogCallers } from './support/catalog-callers.js';
import { ConsulAgent } from './support/consul-agent.js';
import { endGreeters, newName, spawnGreeter, watchCatalog } from './support/greeters.js';

afterEach(endGreeters);
afterAll(() => ConsulAgent.endAll());

it('restarts two instances on two hosts under load, and no call fails', async () => {
  const server = await ConsulAgent.start();
  const hosts = [await ConsulAgent.start({ server }), await ConsulAgent.start({ server })];
  const name = newName();
  const spawn = (host: ConsulAgent) => spawnGreeter(host, name, { sidecar: { drainDelay: '300ms' } });
  const old = await Promise.all(hosts.map(async (host) => ({ host, ...(await spawn(host)) })));
  const ports = old.map(({ port }) => port);
  const watch = watchCatalog(server, name);
  await watch.untilPassing(2);
  const callers = new CatalogCallers(watch);
  try {
    await callers.answer(100, ports);
    const restarted: number[] = [];
    for (const { host, process } of old) {
      process.signal('SIGTERM');
      expect(await process.exited).toBe(0);
      const { id, port } = await spawn(host);
      await watch.until(({ health }) => health[id] === 'passing');
      restarted.push(port);
    }
    await callers.answer(100, restarted);
  } finally {
    await callers.close();
  }
  expect(callers.failures).toEqual([]);
});
