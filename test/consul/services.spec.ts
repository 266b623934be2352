import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { SidecarAgentModule } from '../../lib/index.js';
import { consulProviders } from '../../lib/consul/index.js';
import { eventually } from '../support/eventually.js';
import { bidFarewell } from '../support/farewell.js';
import { greeterOptions } from '../support/greeter-app.js';
import { GreeterClient } from '../support/greeter.js';
import { HTTP_ADAPTERS } from '../support/http-adapters.js';
import { createShop } from '../support/http-shop.js';
import { createTwoServices, farewellSidecar, greeterSidecar } from '../support/two-services.js';
import { ConsulAgent } from './support/consul-agent.js';
import { ADDRESS, endGreeters, newName, startRegistered, TTL, watchCatalog } from './support/greeters.js';

describe('services at a real Consul', () => {
  let consul: ConsulAgent;
  const opened: INestApplication[] = [];

  beforeAll(async () => {
    consul = await ConsulAgent.start();
  });
  afterEach(async () => {
    await endGreeters();
    for (const app of opened.splice(0)) await app.close();
  });
  afterAll(() => ConsulAgent.endAll());

  const providers = () => consulProviders({ address: ADDRESS, ttl: TTL });

  it.each(HTTP_ADAPTERS)('registers an HTTP service on %s', async (_name, makeAdapter) => {
    const name = newName();
    const options = greeterOptions(0, { baseUrl: consul.url, service: { name } });
    const sidecar = SidecarAgentModule.forRoot({
      ...options,
      grpc: undefined,
      protocol: 'http',
      providers: providers(),
    });
    const { app } = await createShop([sidecar], makeAdapter());
    opened.push(app);
    await app.listen(0, ADDRESS);
    const watch = watchCatalog(consul, name);
    await watch.untilPassing(1);
    const { Address, Port, Meta } = watch.entries[0]?.Service ?? {};
    expect(Meta).toMatchObject({ protocol: 'http' });
    const response = await fetch(`http://${Address}:${Port}/books`, { headers: { connection: 'close' } });
    expect(await response.json()).toEqual([]);
    await app.close();
    await watch.until(({ health }) => Object.keys(health).length === 0);
  });

  it('registers each service of an application that has several', async () => {
    const [greeter, farewell] = [newName(), newName()];
    const own = { baseUrl: consul.url };
    const { app } = await createTwoServices([
      greeterSidecar({ ...own, service: { name: greeter }, providers: providers() }),
      farewellSidecar({ ...own, service: { name: farewell }, providers: providers() }),
    ]);
    opened.push(app);
    await app.startAllMicroservices();
    await app.init();
    const watches = [watchCatalog(consul, greeter), watchCatalog(consul, farewell)];
    for (const watch of watches) await watch.untilPassing(1);
    const [first = 0, second = 0] = watches.map(({ entries }) => entries[0]?.Service.Port);
    const client = new GreeterClient(first);
    expect(await client.greet('ada')).toBe('hello ada');
    client.close();
    expect(await bidFarewell(second, 'ada')).toBe('goodbye ada');
    // One of them is lost and found; the other is left alone.
    await consul.api.deregister(watches[0]?.entries[0]?.Service.ID ?? '');
    await watches[0]?.until(() => (watches[0]?.sights.length ?? 0) > 2);
    await watches[0]?.untilPassing(1);
    expect(watches[1]?.passing.length).toBe(1);
    await app.close();
    for (const watch of watches) await watch.until(({ health }) => Object.keys(health).length === 0);
  });

  it('registers the address of the node, if none is given', async () => {
    const { id, watch, port } = await startRegistered(consul, { consul: { address: undefined } });
    expect(watch.entries[0]).toMatchObject({ Node: { Address: consul.address }, Service: { Address: '' } });
    expect(id).toContain(String(port));
  });

  it('registers a sidecar proxy with the service, keeps both, and takes both out', async () => {
    const connect = { service: { Connect: { SidecarService: {} } } };
    const { app, id, name, sidecar, watch } = await startRegistered(consul, { consul: connect });
    const proxies = watchCatalog(consul, `${name}-sidecar-proxy`);
    const isThere = () => proxies.entries.length === 1;
    await proxies.until(isThere);
    expect(proxies.entries[0]?.Service).toMatchObject({ ID: `${id}-sidecar-proxy` });
    await sidecar.update({ weight: 7 });
    await watch.until(() => watch.entries[0]?.Service.Weights.Passing === 7);
    await consul.api.deregister(id);
    await proxies.until(() => !isThere() || proxies.sights.length > 1);
    await watch.untilPassing(1);
    await proxies.until(isThere);
    await app.close();
    await watch.until(({ health }) => Object.keys(health).length === 0);
    await proxies.until(() => !isThere());
  });

  it('adds what the option `service` says in the words of Consul', async () => {
    const service = {
      Tags: ['blue', 'v2'],
      Meta: { team: 'payments' },
      Checks: [{ CheckID: 'own', Name: 'own', TTL: '1h', Status: 'passing' }],
    };
    const { id, watch } = await startRegistered(consul, { consul: { service } });
    const [{ Service, Checks } = fail()] = watch.entries;
    expect(Service).toMatchObject({ Tags: ['blue', 'v2'], Meta: { team: 'payments', version: 'v1.3.4' } });
    const checks = Checks.map(({ CheckID }) => CheckID);
    expect(checks.sort()).toEqual(['own', 'serfHealth', `service:${id}:ttl`]);
  });

  it('is also checked by Consul over TCP, if `portCheck` is given', async () => {
    const { id, watch } = await startRegistered(consul, { consul: { portCheck: '1s' } });
    const checks = watch.entries[0]?.Checks.map(({ CheckID }) => CheckID);
    expect(checks?.sort()).toEqual(['serfHealth', `service:${id}:port`, `service:${id}:ttl`]);
    // The catalog gets the output of a check only minutes later.
    const output = async () => (await consul.api.checks())[`service:${id}:port`]?.Output;
    await eventually(async () => (await output())?.includes('Success'));
    expect(watch.passing).toEqual([id]);
  });
});

function fail(): never {
  throw new Error('the catalog has no instance');
}
