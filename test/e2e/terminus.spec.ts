import type { AddressInfo } from 'node:net';
import { Controller, Get, type INestApplication, Module } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent, SidecarClock } from '../../lib/index.js';
import { SystemClock } from '../../lib/support/timing/sidecar-clock.js';
import { SidecarAgentHealthIndicator } from '../../lib/terminus/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { createGreeterApp } from '../support/greeter-app.js';

/** A clock that a test sets forward. */
class LateClock extends SystemClock {
  late = 0;

  override now(): number {
    return super.now() + this.late;
  }
}

const clock = new LateClock();

@Controller()
class ProbesController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly sidecar: SidecarAgentHealthIndicator,
  ) {}

  @Get('health')
  @HealthCheck()
  check() {
    return this.health.check([() => this.sidecar.isHealthy('sidecar')]);
  }

  @Get('connected')
  @HealthCheck()
  connected() {
    return this.health.check([() => this.sidecar.isHealthy('sidecar', { require: 'connected' })]);
  }

  @Get('live')
  @HealthCheck()
  live() {
    return this.health.check([() => this.sidecar.live('sidecar')]);
  }

  @Get('ready')
  @HealthCheck()
  ready() {
    return this.health.check([() => this.sidecar.ready('sidecar')]);
  }

  @Get('started')
  @HealthCheck()
  started() {
    return this.health.check([() => this.sidecar.started('sidecar')]);
  }
}

@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [ProbesController],
  providers: [SidecarAgentHealthIndicator, { provide: SidecarClock, useValue: clock }],
})
class ProbesModule {}

describe('the probes of Terminus, over HTTP', () => {
  let agent: EmbeddedAgent;
  let app: INestApplication;
  let url: string;

  beforeEach(async () => {
    clock.late = 0;
    // Not started yet: its port is known because it is given.
    agent = new EmbeddedAgent({ port: await freePort() });
    const sidecar = { baseUrl: agent.url, gracePeriod: 5_000 };
    const created = await createGreeterApp('hybrid, microservices first', sidecar, {
      imports: [{ module: ProbesModule }],
    });
    app = created.app as INestApplication;
    await created.listen();
    url = `http://127.0.0.1:${(app.getHttpServer() as { address(): AddressInfo }).address().port}`;
  });

  afterEach(async () => {
    agent.resume('/drain');
    await app.close();
    await agent.stop();
  });

  const get = (path: string) => fetch(`${url}/${path}`, { headers: { connection: 'close' } });
  const code = async (path: string) => (await get(path)).status;
  const codes = async () => {
    const paths = ['health', 'connected', 'ready', 'live', 'started'];
    return Object.fromEntries(
      await Promise.all(paths.map(async (path) => [path, await code(path)] as const)),
    );
  };
  const becomes = (path: string, wanted: number) => eventually(async () => (await code(path)) === wanted);

  it('tell a start without an agent, and the first registration', async () => {
    expect(await codes()).toEqual({ health: 503, connected: 503, ready: 503, live: 200, started: 503 });
    await agent.start();
    await becomes('health', 200);
    expect(await codes()).toEqual({ health: 200, connected: 200, ready: 200, live: 200, started: 200 });
  });

  it('do not flap while the agent restarts, if they are given time', async () => {
    await agent.start();
    await becomes('ready', 200);
    const seen = new Set<string>();
    let isOver = false;
    const probing = (async () => {
      while (!isOver) seen.add(JSON.stringify(await codes()));
    })();
    await agent.stop();
    await becomes('health', 503);
    expect(await codes()).toEqual({ health: 503, connected: 503, ready: 200, live: 200, started: 200 });
    await agent.start();
    await becomes('health', 200);
    isOver = true;
    await probing;
    expect([...seen].filter((probes) => !/"ready":200,"live":200,"started":200/.test(probes))).toEqual([]);
  });

  it('are not ready once the agent has been away for 30 seconds', async () => {
    await agent.start();
    await becomes('ready', 200);
    await agent.stop();
    await becomes('health', 503);
    clock.late = 25_000;
    expect(await code('ready')).toBe(200);
    clock.late = 30_000;
    expect(await codes()).toEqual({ health: 503, connected: 503, ready: 503, live: 200, started: 200 });
  });

  it('are not ready from the first moment of a manual drain until it is registered again', async () => {
    await agent.start();
    await becomes('ready', 200);
    agent.hang('/drain');
    const drained = app.get(SidecarAgent).drain();
    expect(await codes()).toEqual({ health: 503, connected: 200, ready: 503, live: 200, started: 200 });
    agent.resume('/drain');
    await drained;
    expect(await code('ready')).toBe(503);
    agent.hang('/register');
    const resumed = app.get(SidecarAgent).resume();
    await agent.waitFor(() => agent.requests().filter(({ path }) => path === '/register').length === 2);
    expect(await code('ready')).toBe(503);
    agent.resume('/register');
    await resumed;
    expect(await code('ready')).toBe(200);
  });

  it('are not ready from the first moment of the shutdown, with details and without secrets', async () => {
    await agent.start();
    await becomes('ready', 200);
    agent.hang('/drain');
    const closed = app.close();
    await agent.waitFor(() => agent.requests().some(({ path }) => path === '/drain'));
    const answer = await get('ready');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      error: {
        sidecar: {
          status: 'down',
          phase: 'draining',
          connected: true,
          registered: false,
          registerReplayCount: 1,
          registerReplayFailureCount: 0,
          disconnectCount: 0,
          lastErrorKind: null,
        },
      },
    });
    // Terminus itself answers 503 now, to every check.
    for (const path of ['connected', 'live', 'started']) {
      expect(await (await get(path)).json()).toMatchObject({ details: { sidecar: { status: 'up' } } });
    }
    agent.resume('/drain');
    await closed;
  });
});
