import { loadPackageDefinition, type Server, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterEach, describe, expect, it } from '@jest/globals';
import { proto } from './support/fixtures.js';
import { closeApps, createGrpcApp, startGrpcApp } from './support/grpc-app.js';
import { findHeroName, statusOf, statusesOf } from './support/grpc-call.js';
import { HeroController } from './support/hero.controller.js';

const TWO_PACKAGES = { package: ['hero.v1', 'hero.v2'], protoPath: proto('hero-v2') };
const FIND_ONE = ['/hero.v1.HeroService/FindOne', '/hero.v2.HeroService/FindOne'] as const;

describe('inspectGrpcServer on a live server', () => {
  afterEach(closeApps);

  it('does not disturb its calls, even if one handler serves two packages', async () => {
    const { inspect, server, url } = await startGrpcApp([HeroController], TWO_PACKAGES);
    const handlers = new Map(server.getHandlers());
    const names = [...handlers.values()].map((handler) => (handler as { name: string }).name);

    const calls: Promise<string>[] = [];
    const inventories = [];
    for (let id = 1; id <= 20; id += 1) {
      calls.push(findHeroName(url, FIND_ONE[id % 2 === 0 ? 0 : 1], id));
      inventories.push(await inspect());
    }

    expect(await Promise.all(calls)).toEqual(calls.map((_, index) => `hero ${index + 1}`));
    expect(new Set(inventories.map((inventory) => JSON.stringify(inventory))).size).toBe(1);
    expect(new Map(server.getHandlers())).toEqual(handlers);
    expect([...handlers.values()].map((handler) => (handler as { name: string }).name)).toEqual(names);
    const [inventory] = inventories;
    expect(new Set(Object.values(await statusesOf(url, inventory?.methods ?? [])))).toEqual(new Set(['OK']));
    expect(await statusOf(url, '/hero.v1.HeroService/Retire')).toBe('UNIMPLEMENTED');
  });

  it('returns the same before the server listens', async () => {
    const { app, inspect, url } = await createGrpcApp([HeroController], TWO_PACKAGES);
    await app.init();
    const before = await inspect();
    await app.listen();
    expect(await inspect()).toEqual(before);
    expect(new Set(Object.values(await statusesOf(url, before.methods)))).toEqual(new Set(['OK']));
  });

  it('does not call onLoadPackageDefinition, and does not list the services that it adds', async () => {
    const probe = loadPackageDefinition(loadSync(proto('probe')))['probe'] as {
      Probe: ServiceClientConstructor;
    };
    let loads = 0;
    const { inspect, url } = await startGrpcApp([HeroController], {
      package: 'hero.v1',
      protoPath: proto('hero'),
      onLoadPackageDefinition: (_definition: unknown, server: Server) => {
        loads += 1;
        server.addService(probe.Probe.service, {
          Check: (_call: unknown, done: (error: null, answer: object) => void) => done(null, {}),
        });
      },
    });

    const { methods, services, unservedRpcs } = await inspect();
    await inspect();

    expect(loads).toBe(1);
    expect(await statusOf(url, '/probe.Probe/Check')).toBe('OK');
    expect(services).toEqual(['hero.v1.HeroService']);
    expect([...methods, ...unservedRpcs].filter((path) => path.startsWith('/probe'))).toEqual([]);
  });
});
