import { afterEach, describe, expect, it } from '@jest/globals';
import { loadSync } from '@grpc/proto-loader';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { dirname } from 'node:path';
import { inspectGrpcServer } from '../../lib/service/grpc/grpc-inventory.js';
import { proto } from './support/fixtures.js';
import { closeApps, startGrpcApp } from './support/grpc-app.js';
import { statusesOf, statusOf } from './support/grpc-call.js';
import { HeroController } from './support/hero.controller.js';

@Controller()
class VillainController {
  @GrpcMethod('VillainService')
  findOne() {
    return {};
  }
}

const SERVED_HEROES = ['Chat', 'Collect', 'FindMany', 'FindOne'].map((rpc) => `/hero.v1.HeroService/${rpc}`);

describe('inspectGrpcServer with the options of the server', () => {
  afterEach(closeApps);

  it('lists two packages of two protos', async () => {
    const { inspect, url } = await startGrpcApp([HeroController, VillainController], {
      package: ['villain', 'hero.v1'],
      protoPath: [proto('hero'), proto('villain')],
    });
    const { methods, services, unmatchedHandlers } = await inspect();
    expect(methods).toEqual([...SERVED_HEROES, '/villain.VillainService/FindOne']);
    expect(services).toEqual(['hero.v1.HeroService', 'villain.VillainService']);
    expect(unmatchedHandlers).toEqual([]);
    expect(new Set(Object.values(await statusesOf(url, methods)))).toEqual(new Set(['OK']));
  });

  it('excludes a package that is loaded but not in `package`', async () => {
    const { inspect, url } = await startGrpcApp([HeroController, VillainController], {
      package: 'villain',
      protoPath: [proto('hero'), proto('villain')],
    });
    const { methods, unservedRpcs, unmatchedHandlers } = await inspect();
    expect(methods).toEqual(['/villain.VillainService/FindOne']);
    expect(unservedRpcs).toEqual([]);
    expect(unmatchedHandlers.map(({ rpc }) => rpc)).toEqual(['FindOne', 'FindMany', 'Collect', 'Chat']);
    expect(new Set(Object.values(await statusesOf(url, SERVED_HEROES)))).toEqual(new Set(['UNIMPLEMENTED']));
  });

  it('lists a handler for two packages that both have its service', async () => {
    const { inspect, url } = await startGrpcApp([HeroController], {
      package: ['hero.v1', 'hero.v2'],
      protoPath: proto('hero-v2'),
    });
    const inventory = await inspect();
    expect(inventory).toEqual({
      methods: [...SERVED_HEROES, '/hero.v2.HeroService/FindOne'],
      services: ['hero.v1.HeroService', 'hero.v2.HeroService'],
      httpRules: new Map(),
      unservedRpcs: ['/hero.v1.HeroService/Retire', '/hero.v2.HeroAdminService/Rename'],
      unmatchedHandlers: [],
    });
    expect(new Set(Object.values(await statusesOf(url, inventory.methods)))).toEqual(new Set(['OK']));
    expect(new Set(Object.values(await statusesOf(url, inventory.unservedRpcs)))).toEqual(
      new Set(['UNIMPLEMENTED']),
    );
  });

  it('lists the packages below an entry, if handlers use the relative or full name of the service', async () => {
    @Controller()
    class NestedController {
      @GrpcMethod('v2.HeroService')
      findOne() {
        return {};
      }

      @GrpcMethod('hero.v2.HeroAdminService')
      rename() {
        return {};
      }
    }

    const { inspect, url } = await startGrpcApp([HeroController, NestedController], {
      package: 'hero',
      protoPath: proto('hero-v2'),
    });
    const { methods, services, unservedRpcs, unmatchedHandlers } = await inspect();
    expect(methods).toEqual(['/hero.v2.HeroAdminService/Rename', '/hero.v2.HeroService/FindOne']);
    expect(services).toEqual(['hero.v2.HeroAdminService', 'hero.v2.HeroService']);
    expect(unservedRpcs).toEqual([...SERVED_HEROES, '/hero.v1.HeroService/Retire']);
    expect(unmatchedHandlers.map(({ service }) => service)).toEqual(Array(4).fill('HeroService'));
    expect(new Set(Object.values(await statusesOf(url, methods)))).toEqual(new Set(['OK']));
    expect(new Set(Object.values(await statusesOf(url, unservedRpcs)))).toEqual(new Set(['UNIMPLEMENTED']));
  });

  it('lists a package with a part named service, which Nest does not find below another entry', async () => {
    @Controller()
    class InvoiceController {
      @GrpcMethod('InvoiceService')
      send() {
        return {};
      }
    }

    const path = '/org.acme.service.billing.InvoiceService/Send';
    const protoPath = proto('service-in-package-name');
    const named = await startGrpcApp([InvoiceController], { package: 'org.acme.service.billing', protoPath });
    expect(await statusOf(named.url, path)).toBe('OK');
    expect((await named.inspect()).methods).toEqual([path]);

    const above = await startGrpcApp([InvoiceController], { package: 'org', protoPath });
    expect(await statusOf(above.url, path)).toBe('UNIMPLEMENTED');
    expect(await above.inspect()).toEqual({
      methods: [],
      services: [],
      httpRules: new Map(),
      unservedRpcs: [],
      unmatchedHandlers: [{ service: 'InvoiceService', rpc: 'Send', streaming: 'no_stream' }],
    });
  });

  it('uses the loader options', async () => {
    const { inspect, url } = await startGrpcApp([HeroController], {
      package: ['hero.v1', 'hero.v2'],
      protoPath: 'hero-v2.proto',
      loader: { keepCase: true, defaults: true, includeDirs: [dirname(proto('hero'))] },
    });
    const { methods } = await inspect();
    expect(methods).toEqual([...SERVED_HEROES, '/hero.v2.HeroService/FindOne']);
    expect(new Set(Object.values(await statusesOf(url, methods)))).toEqual(new Set(['OK']));
  });

  it('uses the loader that `protoLoader` names', async () => {
    const protoLoader = '@grpc/proto-loader/build/src/index.js';
    const protoPath = proto('villain');
    const { grpc, inspect, server } = await startGrpcApp([VillainController], {
      package: 'villain',
      protoPath,
      protoLoader,
    });
    expect((await inspect()).methods).toEqual(['/villain.VillainService/FindOne']);
    const other = inspectGrpcServer(server, { ...grpc, protoLoader: '@grpc/proto-loader/build/src/util.js' });
    await expect(other).rejects.toThrow('loadSync is not a function');
  });

  it('uses `packageDefinition` instead of `protoPath`', async () => {
    const { inspect, url } = await startGrpcApp([HeroController], {
      package: 'hero.v1',
      packageDefinition: loadSync(proto('hero')),
    });
    const { methods } = await inspect();
    expect(methods).toEqual(SERVED_HEROES);
    expect(new Set(Object.values(await statusesOf(url, methods)))).toEqual(new Set(['OK']));
  });

  it('uses a generated definition, whose rpcs have camel case keys and no second spelling', async () => {
    @Controller()
    class GeneratedController {
      @GrpcMethod('VillainService', 'findOne')
      findOne() {
        return {};
      }
    }

    const generated = loadSync(proto('villain'))['villain.VillainService'];
    const findOne = generated && 'FindOne' in generated ? generated['FindOne'] : undefined;
    const { inspect, url } = await startGrpcApp([GeneratedController, VillainController], {
      package: 'villain',
      packageDefinition: { 'villain.VillainService': { findOne: { ...findOne, originalName: undefined } } },
    });
    const { methods, unmatchedHandlers } = await inspect();
    expect(methods).toEqual(['/villain.VillainService/FindOne']);
    expect(unmatchedHandlers).toEqual([
      { service: 'VillainService', rpc: 'FindOne', streaming: 'no_stream' },
    ]);
    expect(Object.values(await statusesOf(url, methods))).toEqual(['OK']);
  });
});
