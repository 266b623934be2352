import { afterAll, afterEach, expect, it } from '@jest/globals';
import { ConsulAgent } from './support/consul-agent.js';
import { endGreeters, newName, spawnGreeter, watchCatalog } from './support/greeters.js';

afterEach(endGreeters);
afterAll(() => ConsulAgent.endAll());

// Consul reaps after a minute, the least it takes, and looks twice in a minute.
it('is registered again if Consul removed it while the process was stopped', async () => {
  const consul = await ConsulAgent.start();
  const name = newName();
  const { process, id } = await spawnGreeter(consul, name);
  const watch = watchCatalog(consul, name);
  await watch.untilPassing(1);
  process.signal('SIGSTOP');
  await watch.until(({ health }) => health[id] === 'critical');
  await watch.until(({ health }) => Object.keys(health).length === 0, 110_000);
  process.signal('SIGCONT');
  const { health } = await watch.untilPassing(1);
  expect(health).toEqual({ [id]: 'passing' });
}, 150_000);
