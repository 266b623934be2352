import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { RegistrationController } from '../../lib/index.js';
import { eventually } from '../support/eventually.js';
import { statusWhere } from '../support/status-where.js';
import type { CatalogEntry } from './support/consul-api.js';
import { ConsulAgent } from './support/consul-agent.js';
import { endGreeters, startRegistered } from './support/greeters.js';

describe('a registration at a real Consul', () => {
  let consul: ConsulAgent;

  beforeAll(async () => {
    consul = await ConsulAgent.start();
  });
  afterEach(endGreeters);
  afterAll(() => ConsulAgent.endAll());

  type Greeter = Awaited<ReturnType<typeof startRegistered>>;

  /** Registers the same again, as a new connection does. */
  async function replay({ app }: Greeter): Promise<void> {
    const { registerReplayCount } = app.get(RegistrationController).status();
    app.get(RegistrationController).onConnected();
    await statusWhere(app, (status) => status.registerReplayCount > registerReplayCount);
  }

  const weightOf = (entry?: CatalogEntry) => entry?.Service.Weights.Passing;

  /** Changes the weight, and waits until the catalog has it: all that was before is there, too. */
  async function changeWeight({ sidecar, watch }: Greeter, weight: number): Promise<void> {
    await sidecar.update({ weight });
    await eventually(() => weightOf(watch.entries[0]) === weight);
  }

  it('is in the catalog with all that callers read, and passes from the first moment', async () => {
    const { id, name, port, watch, sidecar } = await startRegistered(consul);
    expect(watch.sights.map(({ health }) => health)).toEqual(
      // The watch may have begun before the register.
      watch.sights.length === 1 ? [{ [id]: 'passing' }] : [{}, { [id]: 'passing' }],
    );
    expect(watch.entries[0]).toMatchObject({
      Service: {
        ID: id,
        Service: name,
        Address: '127.0.0.1',
        Port: port,
        Weights: { Passing: 100, Warning: 1 },
        Meta: {
          app_id: '10001',
          app_name: 'greeter-center',
          instance_id: sidecar.node?.app.instanceId,
          env: 'test',
          version: 'v1.3.4',
          namespace: 'default',
          dns: `${name}.default.svc.cluster.local`,
          protocol: 'grpc',
          kernel_language: 'node',
          kernel_version: process.version,
          weight: '100',
        },
      },
    });
    const checks = watch.entries[0]?.Checks.map(({ CheckID }) => CheckID);
    expect(checks?.sort()).toEqual([`serfHealth`, `service:${id}:ttl`]);
    // A Go agent deregisters at its start what bears its own id.
    expect(watch.entries[0]?.Service.Meta).not.toHaveProperty('agent_id');
    expect(sidecar.status()).toMatchObject({
      registered: true,
      dialect: null,
      agent: { service: 'consul', ready: true },
    });
  });

  it('does not flap at equal registers', async () => {
    const greeter = await startRegistered(consul);
    const { watch } = greeter;
    const before = { sights: watch.sights.length, entry: watch.entries[0] };
    for (let times = 0; times < 5; times += 1) await replay(greeter);
    await changeWeight(greeter, 7);
    expect(watch.sights.length).toBe(before.sights);
    const [entry] = watch.entries;
    expect(entry?.Service.CreateIndex).toBe(before.entry?.Service.CreateIndex);
    const indexes = (of?: CatalogEntry) =>
      of?.Checks.map(({ CheckID, CreateIndex }) => [CheckID, CreateIndex]);
    expect(indexes(entry)).toEqual(indexes(before.entry));
  });

  it('does not flap at changed registers', async () => {
    const greeter = await startRegistered(consul);
    const { watch } = greeter;
    const before = { sights: watch.sights.length, entry: watch.entries[0] };
    for (const weight of [1, 50, 65_535]) await changeWeight(greeter, weight);
    expect(watch.sights.length).toBe(before.sights);
    expect(watch.entries[0]?.Service.CreateIndex).toBe(before.entry?.Service.CreateIndex);
    expect(watch.entries[0]?.Service.Meta.weight).toBe('65535');
  });

  it('is back within a second if somebody else deregisters it, each time', async () => {
    const { app, id, watch, sidecar } = await startRegistered(consul);
    for (let times = 1; times <= 3; times += 1) {
      const start = watch.sights.length;
      const at = performance.now();
      await consul.api.deregister(id);
      await eventually(() => watch.sights.slice(start).some(({ health }) => health[id] === 'passing'));
      expect(watch.last.at - at).toBeLessThan(1_000);
      await statusWhere(app, (status) => status.registerReplayCount === times + 1);
    }
    expect(sidecar.status()).toMatchObject({ registered: true, disconnectCount: 0, lastErrorKind: null });
  });

  it("leaves an operator's maintenance alone, also in replays", async () => {
    const greeter = await startRegistered(consul);
    const { id, watch } = greeter;
    await consul.api.maintenance(id, true);
    await watch.until(({ health }) => health[id] === 'maintenance');
    const { length } = watch.sights;
    await replay(greeter);
    await changeWeight(greeter, 7);
    await replay(greeter);
    await changeWeight(greeter, 8);
    expect(watch.sights.length).toBe(length);
    await consul.api.maintenance(id, false);
    await watch.untilPassing(1);
  });

  it('passes again if its TTL ran out', async () => {
    const { id, watch } = await startRegistered(consul);
    await consul.api.put(`agent/check/fail/${encodeURIComponent(`service:${id}:ttl`)}`);
    await watch.until(({ health }) => health[id] === 'critical');
    await watch.untilPassing(1, 3_000);
  });

  it('is in maintenance while it is drained, and passes when it is resumed', async () => {
    const { id, watch, sidecar } = await startRegistered(consul);
    await sidecar.drain();
    await watch.until(({ health }) => health[id] === 'maintenance');
    await sidecar.resume();
    await watch.untilPassing(1);
  });

  it('stays out if the service deregistered it', async () => {
    const { watch, sidecar, app, name } = await startRegistered(consul);
    await sidecar.deregister();
    await watch.until(({ health }) => Object.keys(health).length === 0);
    const { lastEventAt } = sidecar.status();
    await statusWhere(app, (status) => status.lastEventAt !== lastEventAt);
    const services = Object.values(await consul.api.services());
    expect(services.filter(({ Service }) => Service === name)).toEqual([]);
    await sidecar.resume();
    await watch.untilPassing(1);
  });

  it('that somebody else has deregistered while it was drained: stays out, and can be resumed', async () => {
    const { app, id, watch, sidecar } = await startRegistered(consul);
    await sidecar.drain();
    await consul.api.deregister(id);
    const { lastEventAt } = sidecar.status();
    await statusWhere(app, (status) => status.lastEventAt !== lastEventAt);
    expect(Object.keys(await consul.api.services())).not.toContain(id);
    // This deregisters first, what is not there any more.
    await sidecar.resume();
    await watch.untilPassing(1);
  });

  it('shows that the Consul agent is there as often as it refreshes the TTL', async () => {
    const { app, sidecar } = await startRegistered(consul);
    const beats = new Set<string | null>();
    const begin = performance.now();
    await statusWhere(app, ({ lastEventType, lastEventAt }) => {
      if (lastEventType === 'heartbeat') beats.add(lastEventAt);
      return beats.size === 3;
    });
    // A third of the TTL, and Consul waits for up to 1/16 more.
    expect(performance.now() - begin).toBeGreaterThan(2_000);
    expect(performance.now() - begin).toBeLessThan(3_800);
    expect(sidecar.status().registerReplayCount).toBe(1);
  });
});
