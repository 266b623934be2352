import { status as Status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { createGreeterApp, type GreeterApp, type GreeterOptions } from '../support/greeter-app.js';
import { GreeterClient, GreeterController } from '../support/greeter.js';
import { refusesConnections } from '../support/refuses-connections.js';

const BOUNDED = { requestTimeout: 300, gracePeriod: 300, shutdownTimeout: 1_200 };
/** Far below what a close without a bound would wait: forever. */
const SOON = 3_000;

describe('closing a gRPC server', () => {
  let agent: EmbeddedAgent;
  let greeter: GreeterApp;
  const clients: GreeterClient[] = [];

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    await greeter.app.close();
    for (const client of clients.splice(0)) client.close();
    await agent.stop();
  });

  async function start(more: GreeterOptions, grpc?: { gracefulShutdown: boolean }): Promise<GreeterClient> {
    greeter = await createGreeterApp('microservice', { baseUrl: agent.url, ...more }, { grpc });
    await greeter.listen();
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
    return connect();
  }

  function connect(options?: ConstructorParameters<typeof GreeterClient>[1]): GreeterClient {
    const client = new GreeterClient(greeter.port, options);
    clients.push(client);
    return client;
  }

  const codeOf = (work: Promise<unknown>): Promise<number> =>
    work.then(
      () => Status.OK,
      (error: { code: number }) => error.code,
    );
  const hasGone = () => agent.services().every(({ state }) => state === 'Deregistered');

  it.each([true, false])(
    'ends calls of each kind with UNAVAILABLE at the bound (gracefulShutdown: %s)',
    async (gracefulShutdown) => {
      const client = await start(BOUNDED, { gracefulShutdown });
      const [stream, duplex] = [client.count('endless'), client.converse('you')];
      const codes = [client.greet('hold'), stream.answer, duplex.answer].map(codeOf);
      await Promise.all([stream.begun, duplex.begun]);
      await client.greet('another');
      await greeter.app.close();
      await expect(Promise.all(codes)).resolves.toEqual(Array(3).fill(Status.UNAVAILABLE));
    },
  );

  it('cuts a client that has stopped reading, which sees CANCELLED, and ends the other calls with UNAVAILABLE', async () => {
    const client = await start(BOUNDED);
    const stuck = client.count('big');
    const stuckCode = codeOf(stuck.answer);
    await stuck.begun;
    stuck.pause();
    const stream = client.count('endless');
    const code = codeOf(stream.answer);
    await stream.begun;
    const began = performance.now();
    await greeter.app.close();
    expect(performance.now() - began).toBeLessThan(SOON);
    await expect(code).resolves.toBe(Status.UNAVAILABLE);
    stuck.resume();
    // grpc-js cannot send the status before the data that waits for the client.
    await expect(stuckCode).resolves.toBe(Status.CANCELLED);
  });

  it('direct callers at the end of the grace period see UNAVAILABLE alone', async () => {
    await start(BOUNDED);
    const ended = new AbortController();
    const codes: number[] = [];
    const callers = Array.from({ length: 20 }, async (_, index) => {
      const client = connect();
      const call = [
        () => client.greet('hold'),
        () => client.count('endless').answer,
        () => client.converse('you').answer,
      ][index % 3];
      await new Promise((resolve) => setTimeout(resolve, index * 17));
      while (!ended.signal.aborted && call) codes.push(await codeOf(call()));
    });
    await greeter.app.close();
    ended.abort();
    await Promise.all(callers);
    expect(codes.length).toBeGreaterThanOrEqual(20);
    expect(new Set(codes)).toEqual(new Set([Status.UNAVAILABLE]));
  });

  it('lets a call finish, however long after shutdown() by hand the close comes', async () => {
    const client = await start({ ...BOUNDED, gracePeriod: '10s', shutdownTimeout: '20s' });
    await greeter.app.get(SidecarAgent).shutdown();
    expect(hasGone()).toBe(true);
    const stream = client.count('late');
    await stream.begun;
    const closed = greeter.app.close();
    await refusesConnections(greeter.port);
    await expect(codeOf(connect().greet('new'))).resolves.toBe(Status.UNAVAILABLE);
    await greeter.app.get(GreeterController).greet({ name: 'release' });
    await expect(stream.answer).resolves.toEqual(['late 1', 'late 2']);
    await closed;
  });

  it('names the methods that are still in flight after two seconds', async () => {
    const client = await start({ gracePeriod: '10s' });
    await greeter.app.get(SidecarAgent).shutdown();
    const stream = client.count('late');
    await stream.begun;
    const closed = greeter.app.close();
    const line = 'Waiting for 1 call in flight: /acme.greeter.v1.Greeter/Count';
    while (!greeter.logs.sidecar.some((each) => each.includes(line))) await tick();
    await greeter.app.get(GreeterController).greet({ name: 'release' });
    await stream.answer;
    await closed;
    expect(greeter.logs.sidecar.filter((each) => each.includes('Waiting for'))).toHaveLength(1);
  });

  it('sends no GOAWAY before the drain is over: a client with a keepalive keeps its call', async () => {
    await start({ gracePeriod: '10s' });
    const client = connect({ 'grpc.keepalive_time_ms': 1_000, 'grpc.keepalive_timeout_ms': 500 });
    const stream = client.count('long');
    await stream.begun;
    const closed = greeter.app.close();
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Draining'));
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await expect(connect().greet('release')).resolves.toBe('hello release');
    await expect(stream.answer).resolves.toEqual(['long 1', 'long 2']);
    await closed;
  });
});

function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
