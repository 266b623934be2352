import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { GreeterClient } from '../support/greeter.js';
import { ConsulAgent } from './support/consul-agent.js';
import { endGreeters, newName, spawnGreeter, watchCatalog } from './support/greeters.js';

describe('a service process that ends', () => {
  let consul: ConsulAgent;

  beforeAll(async () => {
    consul = await ConsulAgent.start();
  });
  afterEach(endGreeters);
  afterAll(() => ConsulAgent.endAll());

  /** A process that is registered, and its catalog. */
  async function start(name = newName(), settings: Parameters<typeof spawnGreeter>[2] = {}) {
    const greeter = await spawnGreeter(consul, name, settings);
    const watch = watchCatalog(consul, name);
    await watch.untilPassing(1);
    return { ...greeter, name, watch };
  }

  it('with SIGTERM: in maintenance while it serves on, then gone, and exits with 0', async () => {
    const { process, port, id, watch } = await start(undefined, { sidecar: { drainDelay: '500ms' } });
    process.signal('SIGTERM');
    const { at } = await watch.until(({ health }) => health[id] === 'maintenance');
    const client = new GreeterClient(port);
    expect(await client.greet('ada')).toBe('hello ada');
    client.close();
    const gone = await watch.until(({ health }) => Object.keys(health).length === 0);
    expect(gone.at - at).toBeGreaterThan(450);
    expect(await process.exited).toBe(0);
  });

  it('with SIGKILL, and is restarted on its port: one instance, which passes', async () => {
    const { process, port, id, name, watch } = await start();
    const instance = () => watch.entries[0]?.Service.Meta.instance_id;
    const before = instance();
    await process.kill();
    await spawnGreeter(consul, name, { port });
    await watch.until(() => instance() !== before);
    await watch.until(({ health }) => health[id] === 'passing');
    expect(watch.entries.length).toBe(1);
  });

  it('with SIGKILL while it is drained, and is restarted: passes again', async () => {
    const { process, port, id, name, watch } = await start(undefined, { sidecar: { drainDelay: '20s' } });
    process.signal('SIGTERM');
    await watch.until(({ health }) => health[id] === 'maintenance');
    await process.kill();
    await spawnGreeter(consul, name, { port });
    await watch.until(({ health }) => health[id] === 'passing');
    expect(Object.keys(watch.last.health)).toEqual([id]);
  });

  it('stopped with SIGSTOP: critical when its TTL is over, and passes when it goes on', async () => {
    const { process, id, watch } = await start();
    process.signal('SIGSTOP');
    await watch.until(({ health }) => health[id] === 'critical');
    process.signal('SIGCONT');
    await watch.untilPassing(1, 3_000);
  });

  it.each([
    // A managed run tells with its exit code that Consul still lists the instance.
    { managed: true, code: 1 },
    { managed: false, code: 0 },
  ])(
    'with SIGTERM while Consul is gone: serves on, and exits with $code (managed run: $managed)',
    async (run) => {
      const own = await ConsulAgent.start();
      const name = newName();
      const sidecar = { drainDelay: '500ms' };
      const { process, port } = await spawnGreeter(own, name, { sidecar, managed: run.managed });
      await watchCatalog(own, name).untilPassing(1);
      await own.end('SIGKILL');
      await process.printed('; reconnecting');
      const begin = performance.now();
      process.signal('SIGTERM');
      await process.printed('Leaving the mesh');
      const client = new GreeterClient(port);
      expect(await client.greet('ada')).toBe('hello ada');
      client.close();
      expect(await process.exited).toBe(run.code);
      expect(performance.now() - begin).toBeGreaterThan(450);
      expect(performance.now() - begin).toBeLessThan(6_000);
    },
  );
});
