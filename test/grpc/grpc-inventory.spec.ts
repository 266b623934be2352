import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, type Type } from '@nestjs/common';
import { GrpcMethod, GrpcStreamCall, GrpcStreamMethod, MessagePattern } from '@nestjs/microservices';
import { EMPTY, type Observable } from 'rxjs';
import { proto } from './support/fixtures.js';
import { closeApps, startGrpcApp } from './support/grpc-app.js';
import { statusesOf } from './support/grpc-call.js';
import { HeroController } from './support/hero.controller.js';

const HERO_PATHS = ['Chat', 'Collect', 'FindMany', 'FindOne', 'Retire'].map(
  (rpc) => `/hero.v1.HeroService/${rpc}`,
);

/**
 * Starts these controllers on hero.v1 and compares the inventory with the answers of the server.
 */
async function inspectHeroes(...controllers: Type[]) {
  const { inspect, url } = await startGrpcApp(controllers, { package: 'hero.v1', protoPath: proto('hero') });
  const inventory = await inspect();
  const statuses = await statusesOf(url, HERO_PATHS);
  expect(inventory.methods).toEqual(HERO_PATHS.filter((path) => statuses[path] === 'OK'));
  expect(inventory.unservedRpcs).toEqual(HERO_PATHS.filter((path) => statuses[path] === 'UNIMPLEMENTED'));
  expect([...inventory.methods, ...inventory.unservedRpcs].sort()).toEqual(HERO_PATHS);
  return inventory;
}

describe('inspectGrpcServer', () => {
  afterEach(closeApps);

  it('lists rpcs of every streaming kind, and separately the rpc without a handler', async () => {
    expect(await inspectHeroes(HeroController)).toEqual({
      methods: [
        '/hero.v1.HeroService/Chat',
        '/hero.v1.HeroService/Collect',
        '/hero.v1.HeroService/FindMany',
        '/hero.v1.HeroService/FindOne',
      ],
      services: ['hero.v1.HeroService'],
      httpRules: new Map(),
      unservedRpcs: ['/hero.v1.HeroService/Retire'],
      unmatchedHandlers: [],
    });
  });

  it('lists no methods if no handler matches', async () => {
    @Controller()
    class MistypedController {
      @GrpcMethod('HeroService', 'FindOnee')
      findOne() {
        return {};
      }

      @GrpcMethod('HeroServise')
      findMany() {
        return {};
      }
    }

    expect(await inspectHeroes(MistypedController)).toEqual({
      methods: [],
      services: [],
      httpRules: new Map(),
      unservedRpcs: HERO_PATHS,
      unmatchedHandlers: [
        { service: 'HeroService', rpc: 'FindOnee', streaming: 'no_stream' },
        { service: 'HeroServise', rpc: 'FindMany', streaming: 'no_stream' },
      ],
    });
  });

  it('does not match the decorator of another streaming kind', async () => {
    @Controller()
    class WrongKindController {
      @GrpcMethod('HeroService')
      collect() {
        return {};
      }

      @GrpcStreamMethod('HeroService')
      findOne(): Observable<object> {
        return EMPTY;
      }

      @GrpcStreamCall('HeroService')
      findMany(): void {}
    }

    const { methods, unmatchedHandlers } = await inspectHeroes(WrongKindController);
    expect(methods).toEqual([]);
    expect(unmatchedHandlers).toEqual([
      { service: 'HeroService', rpc: 'Collect', streaming: 'no_stream' },
      { service: 'HeroService', rpc: 'FindOne', streaming: 'rx_stream' },
      { service: 'HeroService', rpc: 'FindMany', streaming: 'pt_stream' },
    ]);
  });

  it('matches the full name of the service and the camel case name of the rpc', async () => {
    @Controller()
    class FullNameController {
      @GrpcMethod('hero.v1.HeroService')
      findOne() {
        return {};
      }

      @GrpcMethod('HeroService', 'retire')
      retire() {
        return {};
      }
    }

    const { methods, unmatchedHandlers } = await inspectHeroes(FullNameController);
    expect(methods).toEqual(['/hero.v1.HeroService/FindOne', '/hero.v1.HeroService/Retire']);
    expect(unmatchedHandlers).toEqual([]);
  });

  it('reports a handler if Nest always calls another one for the same rpc', async () => {
    const called: string[] = [];

    @Controller()
    class ShadowedController {
      @GrpcStreamMethod('HeroService', 'Collect')
      collect(): object {
        called.push('collect');
        return {};
      }

      @GrpcStreamCall('HeroService', 'Collect')
      collectByCall(): void {
        called.push('collectByCall');
      }

      @GrpcMethod('HeroService', 'FindOne')
      findOne(): object {
        called.push('findOne');
        return {};
      }

      @GrpcMethod('hero.v1.HeroService', 'FindOne')
      findOneByFullName(): object {
        called.push('findOneByFullName');
        return {};
      }

      @GrpcMethod('HeroService', 'findOne')
      findOneByCamelCase(): object {
        called.push('findOneByCamelCase');
        return {};
      }
    }

    const { methods, unmatchedHandlers } = await inspectHeroes(ShadowedController);
    expect(methods).toEqual(['/hero.v1.HeroService/Collect', '/hero.v1.HeroService/FindOne']);
    expect(called.sort()).toEqual(['collect', 'findOne']);
    expect(unmatchedHandlers).toEqual([
      { service: 'HeroService', rpc: 'Collect', streaming: 'pt_stream' },
      { service: 'hero.v1.HeroService', rpc: 'FindOne', streaming: 'no_stream' },
      { service: 'HeroService', rpc: 'findOne', streaming: 'no_stream' },
    ]);
  });

  it('ignores handlers of message patterns', async () => {
    @Controller()
    class SumController {
      @MessagePattern({ cmd: 'sum' })
      sum() {
        return 0;
      }

      @MessagePattern('sum')
      sumByName() {
        return 0;
      }
    }

    expect((await inspectHeroes(SumController, HeroController)).unmatchedHandlers).toEqual([]);
  });

  it('matches a lower-case rpc only by its given name, or by its camel case name', async () => {
    @Controller()
    class LegacyController {
      // Nest derives the rpc name FindOne, with a capital.
      @GrpcMethod('LegacyService')
      findOne() {
        return {};
      }

      @GrpcMethod('LegacyService', 'findMany')
      findMany() {
        return {};
      }
    }

    @Controller()
    class FixedController {
      @GrpcMethod('LegacyService', 'findOne')
      findOne() {
        return {};
      }

      @GrpcMethod('LegacyService', 'find_many')
      findMany() {
        return {};
      }
    }

    const options = { package: 'legacy', protoPath: proto('legacy') };
    const legacy = await startGrpcApp([LegacyController], options);
    const fixed = await startGrpcApp([FixedController], options);
    expect(await legacy.inspect()).toEqual({
      methods: ['/legacy.LegacyService/find_many'],
      services: ['legacy.LegacyService'],
      httpRules: new Map(),
      unservedRpcs: ['/legacy.LegacyService/ToString', '/legacy.LegacyService/findOne'],
      unmatchedHandlers: [{ service: 'LegacyService', rpc: 'FindOne', streaming: 'no_stream' }],
    });
    expect(await fixed.inspect()).toEqual({
      methods: ['/legacy.LegacyService/findOne', '/legacy.LegacyService/find_many'],
      services: ['legacy.LegacyService'],
      httpRules: new Map(),
      unservedRpcs: ['/legacy.LegacyService/ToString'],
      unmatchedHandlers: [],
    });
    const paths = ['/legacy.LegacyService/findOne', '/legacy.LegacyService/find_many'];
    expect(Object.values(await statusesOf(legacy.url, paths))).toEqual(['UNIMPLEMENTED', 'OK']);
    expect(Object.values(await statusesOf(fixed.url, paths))).toEqual(['OK', 'OK']);
  });
});
