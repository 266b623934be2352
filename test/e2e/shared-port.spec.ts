import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { eventually } from '../support/eventually.js';
import { FellowWorker } from '../support/fellow-worker.js';
import { createGreeterApp, type GreeterApp } from '../support/greeter-app.js';
import { listedBy } from '../support/listed.js';
import { postedPaths } from '../support/posted-paths.js';
import { refusesConnections } from '../support/refuses-connections.js';
import { statusWhere } from '../support/status-where.js';

describe('a service on a port that another process serves, in the flat dialect', () => {
  let agent: EmbeddedAgent;
  let greeter: GreeterApp;
  let sidecar: SidecarAgent;
  let fellow: FellowWorker;

  beforeEach(async () => {
    agent = new EmbeddedAgent({ dialect: 'flat' });
    await agent.start();
    greeter = await createGreeterApp('microservice', { baseUrl: agent.url });
    fellow = await FellowWorker.join(agent, greeter.port);
    await greeter.listen();
    sidecar = greeter.app.get(SidecarAgent);
    await sidecar.registered();
    await statusWhere(greeter.app, ({ workers }) => workers === 2);
  });

  afterEach(async () => {
    await greeter.app.close();
    await fellow.leave();
    await agent.stop();
  });

  const goodbyes = () => postedPaths(agent.requests()).filter((path) => path !== '/register');

  it.each(['drain', 'deregister'] as const)('a manual %s leaves it to the other one', async (operation) => {
    await sidecar[operation]();
    const done = operation === 'drain' ? 'drained' : 'deregistered';
    const warning = `warn Not ${done}: 1 other process registers the same instance of greeter SidecarAgent`;
    expect(greeter.logs.sidecar).toContain(warning);
    expect(goodbyes()).toEqual([]);
    expect(fellow.questions).toEqual(['flat']);
    await sidecar.resume();
    expect(sidecar.status().registered).toBe(true);
  });

  it('its close waits for work that your code counts, and its server takes no call meanwhile', async () => {
    let finish = () => {};
    void sidecar.track(new Promise<void>((resolve) => (finish = resolve)));
    let isClosed = false;
    const closed = greeter.app.close().then(() => (isClosed = true));
    await refusesConnections(greeter.port);
    await fetch(`${agent.url}/services`).catch(() => {});
    expect([isClosed, goodbyes()]).toEqual([false, []]);
    finish();
    await closed;
  });

  it('the drain of its leave is undone by one that joins meanwhile, before the leave ends', async () => {
    await fellow.leave();
    await statusWhere(greeter.app, ({ workers }) => workers === 1);
    let finish = () => {};
    void sidecar.track(new Promise<void>((resolve) => (finish = resolve)));
    agent.hang('/drain');
    const closed = greeter.app.close();
    await agent.waitFor(() => goodbyes().includes('/drain'));
    fellow = await FellowWorker.join(agent, greeter.port);
    agent.resume('/drain');
    await eventually(() => fellow.recalls === 1);
    expect(sidecar.status().phase).toBe('draining');
    finish();
    await closed;
  });

  it('a manual deregister of the last one is sent', async () => {
    await fellow.leave();
    await statusWhere(greeter.app, ({ workers }) => workers === 1);
    await sidecar.deregister();
    expect(goodbyes()).toEqual(['/deregister']);
    expect(listedBy(agent)).toEqual([]);
  });
});
