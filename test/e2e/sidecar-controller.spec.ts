import { type CanActivate, Controller, type ExecutionContext, Get, Injectable, Module } from '@nestjs/common';
import { type INestApplication, Logger, type Type, VersioningType } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  SidecarAgent,
  SidecarAgentModule,
  sidecarController,
  SidecarStatusService,
} from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { LogBook } from '../support/greeter-app.js';
import { HTTP_ADAPTERS } from '../support/http-adapters.js';
import { createTwoServices, farewellSidecar, greeterSidecar } from '../support/two-services.js';

interface Report {
  readonly status: { readonly phase: string; readonly lastServiceName: string };
  readonly timeline: readonly { readonly type: string }[];
}

@Injectable()
class TokenGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    return headers.authorization === 'Bearer of-the-operator';
  }
}

@Controller('books')
class BooksController {
  @Get()
  all(): string[] {
    return [];
  }
}

describe.each(HTTP_ADAPTERS)('sidecarController() on %s', (_name, adapter) => {
  let agent: EmbeddedAgent;
  let app: INestApplication;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    await app.close();
    await agent.stop();
  });

  async function start(controller: Type<unknown>, prepare = (_app: INestApplication) => {}): Promise<string> {
    const sidecar = SidecarAgentModule.forRoot({
      app: { id: '10001', name: 'shop-center', env: 'test', version: 'v1.3.4', secret: 's3cr3t-of-the-app' },
      service: { name: 'shop' },
      protocol: 'http',
      baseUrl: agent.url,
      headers: { authorization: 'Bearer of-the-agent' },
      drainDelay: 0,
    });
    @Module({ imports: [sidecar], controllers: [BooksController, controller] })
    class AppModule {}

    const logs = new LogBook();
    Logger.overrideLogger(logs);
    app = await NestFactory.create(AppModule, adapter() as never, { logger: logs, abortOnError: false });
    prepare(app);
    await app.listen(0, '127.0.0.1');
    await app.get(SidecarAgent).registered();
    return app.getUrl();
  }

  it('answers with the status and the timeline, and is no route', async () => {
    const url = await start(sidecarController());
    const response = await fetch(`${url}/sidecar`);
    const text = await response.text();
    const report = JSON.parse(text) as Report;
    expect(response.headers.get('cache-control')).toBe('no-store');
    const service = app.get(SidecarStatusService);
    expect(report).toMatchObject({ status: { phase: 'registered', lastServiceName: 'shop' } });
    expect(report.timeline).toEqual(service.timeline());
    expect(report.timeline.map(({ type }) => type)).toEqual(['started', 'connected', 'registered']);
    expect(text).not.toMatch(/s3cr3t|of-the-agent/);
    expect(agent.services()[0]?.httpRoutes.map((route) => 'path' in route && route.path)).toEqual(['/books']);
  });

  it('has a path and guards', async () => {
    const url = await start(sidecarController({ path: 'ops/sidecar', guards: [TokenGuard] }));
    const ask = async (authorization: string) =>
      (await fetch(`${url}/ops/sidecar`, { headers: { authorization } })).status;
    expect(await ask('Bearer of-the-operator')).toBe(200);
    expect(await ask('Bearer of-nobody')).toBe(403);
    expect((await fetch(`${url}/sidecar`)).status).toBe(404);
  });

  it('takes guards that are instances, and has no version', async () => {
    const url = await start(sidecarController({ guards: [new TokenGuard()] }), (made) => {
      made.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
    });
    expect((await fetch(`${url}/sidecar`)).status).toBe(403);
    const headers = { authorization: 'Bearer of-the-operator' };
    expect((await fetch(`${url}/sidecar`, { headers })).status).toBe(200);
    expect((await fetch(`${url}/v1/books`)).status).toBe(200);
  });
});

describe('sidecarController() of named modules', () => {
  const agent = new EmbeddedAgent();

  afterEach(() => agent.stop());

  it('shows the module of its name', async () => {
    const names = ['greeter', 'farewell'];
    @Module({ controllers: names.map((name) => sidecarController({ name, path: `sidecar/${name}` })) })
    class OperationsModule {}
    await agent.start();
    const { app } = await createTwoServices([
      greeterSidecar({ baseUrl: agent.url }),
      farewellSidecar({ baseUrl: agent.url }),
      { module: OperationsModule },
    ]);
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    for (const name of names) await app.get<SidecarAgent>(`SidecarAgent:${name}`).registered();
    const url = await app.getUrl();
    const reports = await Promise.all(
      names.map(async (name) => (await (await fetch(`${url}/sidecar/${name}`)).json()) as Report),
    );
    expect(reports.map(({ status }) => status.lastServiceName)).toEqual(names);
    await app.close();
  });
});
