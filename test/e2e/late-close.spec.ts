import { type BeforeApplicationShutdown, Module } from '@nestjs/common';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getSidecarAgentToken, SidecarAgent, SidecarAgentModule, SidecarClock } from '../../lib/index.js';
import { SystemClock } from '../../lib/support/timing/sidecar-clock.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { createGreeterApp, greeterOptions } from '../support/greeter-app.js';
import { type Call, GreeterClient, GreeterController, greeterGrpcOptions } from '../support/greeter.js';
import { freePort } from '../support/free-port.js';
import { refusesConnections } from '../support/refuses-connections.js';
import { createTwoServices, FAREWELL, greeterSidecar } from '../support/two-services.js';

/** Jumps ahead: for a hook that takes a minute. */
class JumpingClock extends SystemClock {
  #jumped = 0;
  override elapsed(): number {
    return super.elapsed() + this.#jumped;
  }
  jump(milliseconds: number): void {
    this.#jumped += milliseconds;
  }
}

describe('a close that comes long after the leave', () => {
  let agent: EmbeddedAgent;
  let app: { close(): Promise<void> } | undefined;
  let client: GreeterClient | undefined;
  let clock: JumpingClock;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
    clock = new JumpingClock();
  });

  afterEach(async () => {
    agent.resume('/drain');
    await app?.close();
    app = undefined;
    client?.close();
    await agent.stop();
  });

  const sidecar = () => ({
    baseUrl: agent.url,
    gracePeriod: '10s',
    providers: [{ provide: SidecarClock, useValue: clock }],
  });
  const farewellModule = (baseUrl: string) =>
    SidecarAgentModule.forRoot({
      ...greeterOptions(0, { ...sidecar(), name: 'farewell', service: { name: 'farewell' }, baseUrl }),
      grpc: FAREWELL,
    });
  const serving = (count: number) =>
    agent.waitFor(() => agent.services().filter(({ state }) => state === 'Serving').length === count);
  const isDeregistered = (name: string) =>
    agent.services().some((service) => service.name === name && service.state === 'Deregistered');

  async function countOn(port: number): Promise<Call> {
    client = new GreeterClient(port);
    const stream = client.count('late');
    await stream.begun;
    return stream;
  }

  /** Lets the greeter's streams end as soon as its server has begun to close. */
  async function finishes(stream: Call, greeter: GreeterController, port: number): Promise<void> {
    await refusesConnections(port);
    // Longer than a close takes that has no time left.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await greeter.greet({ name: 'release' });
    await expect(stream.answer).resolves.toEqual(['late 1', 'late 2']);
  }

  it('lets calls finish after a shutdown hook that took a minute', async () => {
    let stream: Call | undefined;
    const slowHook: BeforeApplicationShutdown = {
      async beforeApplicationShutdown() {
        if (stream) return;
        await greeter.app.get(SidecarAgent).shutdown();
        // The next hook, the module's own, ends first: it has waited for the same leave.
        await new Promise(setImmediate);
        stream = await countOn(greeter.port);
        clock.jump(60_000);
      },
    };
    @Module({ providers: [{ provide: 'slow', useValue: slowHook }] })
    class SlowModule {}

    const imports = [{ module: SlowModule }];
    const greeter = await createGreeterApp('hybrid, http first', sidecar(), { imports });
    app = greeter.app;
    await greeter.listen();
    await serving(1);
    const controller = greeter.app.get(GreeterController);
    const closed = greeter.app.close();
    await agent.waitFor(() => isDeregistered('greeter'));
    while (!stream) await new Promise(setImmediate);
    await finishes(stream, controller, greeter.port);
    await closed;
  });

  it('lets calls finish of a service that left a minute before another one', async () => {
    const agentOf = (name: string) => application.get<SidecarAgent>(getSidecarAgentToken(name));
    const slow = new EmbeddedAgent();
    await slow.start();
    const { app: application } = await createTwoServices([
      greeterSidecar(sidecar()),
      farewellModule(slow.url),
    ]);
    app = application;
    try {
      await application.startAllMicroservices();
      await application.init();
      await serving(1);
      await slow.waitFor(() => slow.services().some(({ state }) => state === 'Serving'));
      slow.hang('/drain');
      const port = agentOf('greeter').node?.serverPort ?? 0;
      const controller = application.get(GreeterController);
      const closed = application.close();
      await agent.waitFor(() => isDeregistered('greeter'));
      await agentOf('greeter').shutdown();
      const stream = await countOn(port);
      clock.jump(60_000);
      slow.resume('/drain');
      await finishes(stream, controller, port);
      await closed;
    } finally {
      await slow.stop();
    }
  });

  const httpModule = () =>
    SidecarAgentModule.forRoot({
      ...greeterOptions(0, { ...sidecar(), grpc: undefined }),
      protocol: 'http',
    });

  it.each([
    ['gRPC', () => farewellModule(agent.url)],
    ['HTTP', httpModule],
  ])('lets calls finish of a server beside a %s service, which no module registers', async (_kind, made) => {
    const greeter = greeterGrpcOptions(await freePort());
    const { app: application } = await createTwoServices([made()], [FAREWELL]);
    app = application;
    application.connectMicroservice<MicroserviceOptions>({ transport: Transport.GRPC, options: greeter });
    await application.startAllMicroservices();
    await application.listen(0, '127.0.0.1');
    await serving(1);
    const port = Number(String(greeter.url).split(':')[1]);
    const stream = await countOn(port);
    const closed = application.close();
    await finishes(stream, application.get(GreeterController), port);
    await closed;
  });
});
