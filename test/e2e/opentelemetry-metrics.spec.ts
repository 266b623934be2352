import { DataPointType } from '@opentelemetry/sdk-metrics';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent, SidecarStatusService } from '../../lib/index.js';
import { SidecarAgentOtelModule } from '../../lib/otel/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { createGreeterApp, type GreeterApp, type GreeterOptions } from '../support/greeter-app.js';
import { GreeterClient } from '../support/greeter.js';
import { statusWhere } from '../support/status-where.js';
import { Telemetry } from '../support/telemetry.js';

const OF_GREETER = { 'sidecar_agent.service.name': 'greeter' };

describe('the metrics of SidecarAgentOtelModule', () => {
  let telemetry: Telemetry;
  let agent: EmbeddedAgent;
  let greeter: GreeterApp;

  beforeEach(async () => {
    telemetry = new Telemetry();
    // Not started yet: its port is known because it is given.
    agent = new EmbeddedAgent({ port: await freePort() });
  });

  afterEach(async () => {
    await greeter.app.close();
    await agent.stop();
    await telemetry.shutdown();
  });

  async function create(more: GreeterOptions = {}): Promise<void> {
    greeter = await createGreeterApp(
      'microservice',
      { baseUrl: agent.url, gracePeriod: 5_000, ...more },
      { imports: [SidecarAgentOtelModule.forRoot()] },
    );
  }

  async function start(more?: GreeterOptions): Promise<void> {
    await create(more);
    await greeter.listen();
  }

  const registered = () => greeter.app.get(SidecarAgent).registered();
  const facts = async () =>
    Promise.all(
      ['connected', 'registered', 'reconnects'].map((name) => telemetry.value(`sidecar_agent.${name}`)),
    );

  it('tell whether it is connected and registered, from 0 to 1 and back to 0', async () => {
    await create();
    expect(await facts()).toEqual([undefined, undefined, undefined]);
    await greeter.listen();
    expect(await facts()).toEqual([0, 0, 0]);
    await agent.start();
    await registered();
    expect(await facts()).toEqual([1, 1, 0]);
    await agent.stop();
    await statusWhere(greeter.app, ({ connected }) => !connected);
    expect(await facts()).toEqual([0, 0, 0]);
    await agent.start();
    await registered();
    expect(await facts()).toEqual([1, 1, 1]);
    await greeter.app.get(SidecarAgent).drain();
    expect(await facts()).toEqual([1, 0, 1]);
    await greeter.app.close();
    expect(await facts()).toEqual([0, 0, 1]);
  });

  it('have the names, kinds, units and attributes that are documented', async () => {
    await agent.start();
    agent.failNext('/register', { status: 500 });
    await start();
    await registered();
    const client = new GreeterClient(greeter.port);
    agent.hang('/drain');
    const closed = greeter.app.close();
    await agent.waitFor(() => agent.requests().some(({ path }) => path === '/drain'));
    await client.greet('late');
    agent.resume('/drain');
    client.close();
    const during = await telemetry.metrics();
    await closed;
    const all = new Map([...during, ...(await telemetry.metrics())]);
    const { SUM, HISTOGRAM } = DataPointType;
    expect(
      [...all.values()].map((data) => [
        data.descriptor.name,
        data.descriptor.unit,
        data.dataPointType,
        'isMonotonic' in data ? data.isMonotonic : null,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['sidecar_agent.connected', '{connection}', SUM, false],
        ['sidecar_agent.registered', '{registration}', SUM, false],
        ['sidecar_agent.reconnects', '{reconnect}', SUM, true],
        ['sidecar_agent.register.duration', 's', HISTOGRAM, null],
        ['sidecar_agent.register.failures', '{failure}', SUM, true],
        ['sidecar_agent.drain.duration', 's', HISTOGRAM, null],
        ['sidecar_agent.drain.propagation', 's', HISTOGRAM, null],
        ['sidecar_agent.calls.in_flight', '{call}', SUM, false],
      ]),
    );
    expect(all.size).toBe(8);
    const attributes = [...all.values()].flatMap(({ dataPoints }) =>
      dataPoints.map((point) => JSON.stringify(point.attributes)),
    );
    const failed = { ...OF_GREETER, 'error.type': '500' };
    expect(new Set(attributes)).toEqual(new Set([OF_GREETER, failed].map((one) => JSON.stringify(one))));
  });

  it('count the registers that failed, by the type of the error', async () => {
    await agent.start();
    agent.failNext('/register', { status: 503, times: 2 });
    agent.failNext('/register', { status: 200, body: { success: false, code: 'busy' } });
    await start();
    await registered();
    const failures = [
      { attributes: { ...OF_GREETER, 'error.type': '503' }, value: 2 },
      { attributes: { ...OF_GREETER, 'error.type': 'sidecar_api' }, value: 1 },
    ];
    expect(await telemetry.points('sidecar_agent.register.failures')).toEqual(failures);
    expect(await telemetry.points('sidecar_agent.register.duration')).toEqual([
      ...failures,
      { attributes: OF_GREETER, value: 1 },
    ]);
  });

  it('measure the calls from the start to the answer of the agent', async () => {
    await agent.start();
    agent.slow('/register', 300);
    agent.slow('/drain', 150);
    await start();
    await registered();
    expect(await telemetry.sum('sidecar_agent.register.duration')).toBeGreaterThanOrEqual(0.29);
    await greeter.app.close();
    expect(await telemetry.sum('sidecar_agent.drain.duration')).toBeGreaterThanOrEqual(0.14);
  });

  it('tell how many calls are in flight when they are asked', async () => {
    await agent.start();
    await start({ gracePeriod: 100, shutdownTimeout: 500, requestTimeout: 200 });
    await registered();
    const inFlight = () => telemetry.value('sidecar_agent.calls.in_flight');
    expect(await inFlight()).toBe(0);
    const beacons = [greeter.app.get(SidecarAgent).beacon(), greeter.app.get(SidecarAgent).beacon()];
    const client = new GreeterClient(greeter.port);
    const call = client.count('nest');
    await call.begun;
    expect(await inFlight()).toBe(3);
    for (const beacon of beacons) beacon.end();
    expect(await inFlight()).toBe(1);
    await client.greet('release');
    await call.answer;
    client.close();
    await eventually(async () => (await inFlight()) === 0);
    const forgotten = greeter.app.get(SidecarAgent).beacon();
    expect(await inFlight()).toBe(1);
    await greeter.app.close();
    // The SDK repeats the last value that it got.
    expect([await inFlight(), await inFlight()]).toEqual([0, 0]);
    forgotten.end();
  });

  it('tell how long routers took to learn of the drain of a shutdown', async () => {
    await agent.start();
    // The drain hangs until the late call has arrived, however slow the machine is.
    await start({ requestTimeout: 30_000 });
    await registered();
    const client = new GreeterClient(greeter.port);
    const status = () => greeter.app.get(SidecarStatusService).status();
    agent.hang('/drain');
    const closed = greeter.app.close();
    await agent.waitFor(() => agent.requests().some(({ path }) => path === '/drain'));
    await eventually(() => Date.now() > Date.parse(status().drain?.startedAt ?? ''));
    await client.greet('late');
    agent.resume('/drain');
    client.close();
    await closed;
    const { drain } = status();
    const learned = Date.parse(drain?.lastCallAt ?? '') - Date.parse(drain?.startedAt ?? '');
    expect(learned).toBeGreaterThan(0);
    expect(await telemetry.value('sidecar_agent.drain.propagation')).toBe(1);
    expect(await telemetry.sum('sidecar_agent.drain.propagation')).toBeCloseTo(learned / 1_000, 2);
  });

  it('say nothing of routers if no call arrived, or if callers never stopped', async () => {
    await agent.start();
    await start({ gracePeriod: 600, drainDelay: 500 });
    await registered();
    await greeter.app.close();
    expect(await telemetry.value('sidecar_agent.drain.propagation')).toBeUndefined();

    await start({ gracePeriod: 600, drainDelay: 500 });
    await registered();
    const client = new GreeterClient(greeter.port);
    let isOver = false;
    const calling = (async () => {
      while (!isOver) await client.greet('again').catch(() => {});
    })();
    await greeter.app.close();
    isOver = true;
    await calling;
    client.close();
    expect(greeter.logs.sidecar.join('\n')).toContain('though callers go on');
    expect(await telemetry.value('sidecar_agent.drain.propagation')).toBeUndefined();
    expect(await telemetry.value('sidecar_agent.drain.duration')).toBe(2);
  });
});
