import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { consulProviders } from '../../lib/consul/index.js';
import { SidecarAgent, SidecarStatusService } from '../../lib/index.js';
import { FakeConsul } from '../support/fake-consul.js';
import { createGreeterApp, type GreeterApp, type GreeterOptions } from '../support/greeter-app.js';
import { statusWhere } from '../support/status-where.js';

describe('a service that registers straight at Consul', () => {
  let consul: FakeConsul;
  const opened: GreeterApp[] = [];

  beforeEach(async () => {
    consul = await new FakeConsul().listen();
  });

  afterEach(async () => {
    for (const { app } of opened.splice(0)) await app.close();
    await consul.close();
  });

  async function start(more: GreeterOptions = {}): Promise<GreeterApp> {
    const providers = consulProviders({ ttl: '1s' });
    const greeter = await createGreeterApp('microservice', { baseUrl: consul.url, providers, ...more });
    opened.push(greeter);
    await greeter.listen();
    return greeter;
  }

  it('registers, is refreshed, drained and deregistered', async () => {
    const greeter = await start();
    const { app, port, logs } = greeter;
    const status = await statusWhere(app, ({ registered, lastEventType }) => registered && lastEventType === 'heartbeat');
    const id = `greeter-${port}`;
    expect(status).toMatchObject({
      phase: 'registered',
      dialect: null,
      instanceId: id,
      state: 'Registered',
      agent: { service: 'consul', ready: true, status: 'ready' },
    });
    expect(consul.services.get(id)).toMatchObject({ ID: id, Name: 'greeter', Port: port });
    await consul.until(() => consul.to('check/pass').length > 3);
    await app.close();
    console.log(consul.calls.map(({what, query})=>what+JSON.stringify(query)).join('\n'), logs.sidecar.join('\n'));
    console.log(app.get(SidecarStatusService).timeline(), app.get(SidecarAgent).shutdownErrors);
    expect(consul.services.size).toBe(0);
  });
});
