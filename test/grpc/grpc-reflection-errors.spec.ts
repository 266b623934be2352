import { afterEach, describe, expect, it } from '@jest/globals';
import { loadSync } from '@grpc/proto-loader';
import { Controller } from '@nestjs/common';
import { GrpcMethod, ServerGrpc } from '@nestjs/microservices';
import { SidecarAgentError } from '../../lib/errors/sidecar-agent.error.js';
import { inspectGrpcServer } from '../../lib/service/grpc/grpc-inventory.js';
import { GrpcReflectionError } from '../../lib/errors/grpc-reflection.error.js';
import { proto } from './support/fixtures.js';
import { closeApps, type GrpcServerOptions, startGrpcApp } from './support/grpc-app.js';
import { HeroController } from './support/hero.controller.js';

async function failureOf(options: GrpcServerOptions): Promise<GrpcReflectionError> {
  const server = new ServerGrpc({ package: 'hero.v1', protoPath: proto('hero') });
  const thrown: unknown = await inspectGrpcServer(server, options).catch((error: unknown) => error);
  if (!(thrown instanceof GrpcReflectionError)) throw new Error(`not the expected error: ${String(thrown)}`);
  return thrown;
}

describe('inspectGrpcServer with options that do not match', () => {
  afterEach(closeApps);

  it('throws one of the errors of this package', async () => {
    const error = await failureOf({ package: 'nope', protoPath: proto('hero') });
    expect(error).toBeInstanceOf(SidecarAgentError);
    expect(error).toMatchObject({
      name: 'GrpcReflectionError',
      kind: 'runtime_error',
      option: 'grpc.package',
    });
  });

  it.each(['hero.v3', 'nope', 'nope.v1', 'hero.v1.HeroService', 'hero.v1.Hero', 'toString'])(
    'names `grpc.package` and the packages of the protos for the entry "%s"',
    async (packageName) => {
      const protoPath = [proto('villain'), proto('hero-v2')];
      const error = await failureOf({ package: ['hero.v1', packageName], protoPath });
      expect(error.message).toBe(
        `grpc.package: the protos have no package '${packageName}'. ` +
          `Packages with a service: 'hero.v1', 'hero.v2', 'villain'`,
      );
    },
  );

  it('names a proto without a package', async () => {
    const error = await failureOf({ package: 'root', protoPath: proto('no-package') });
    expect(error.message).toContain(`Packages with a service: '' (no package)`);
  });

  it('names `grpc.protoPath` for a missing file, and keeps the cause', async () => {
    const error = await failureOf({ package: 'hero.v1', protoPath: [proto('hero'), '/no/such/file.proto'] });
    expect(error.option).toBe('grpc.protoPath');
    expect(error.message).toContain(`grpc.protoPath: cannot load ${proto('hero')}, /no/such/file.proto: `);
    expect(error.cause).toMatchObject({ code: 'ENOENT', path: '/no/such/file.proto' });
  });

  it('names `grpc.protoPath` for a file that is not a valid proto', async () => {
    const error = await failureOf({ package: 'broken', protoPath: proto('broken') });
    expect(error.message).toMatch(/^grpc\.protoPath: cannot load .*broken\.proto: .*NoSuchMessage/);
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('names `grpc.protoPath` if there is nothing to load, or two things', async () => {
    const none = await failureOf({ package: 'hero.v1' });
    expect(none.message).toMatch(/^grpc\.protoPath: is required: /);
    const packageDefinition = loadSync(proto('hero'));
    const both = await failureOf({ package: 'hero.v1', protoPath: proto('hero'), packageDefinition });
    expect(both.message).toBe(
      'grpc.protoPath: cannot be combined with grpc.packageDefinition: give one of the two',
    );
  });

  it('names `grpc.packageDefinition` if gRPC cannot use it', async () => {
    const packageDefinition = { 'hero.v1.HeroService': { $find: { path: '/hero.v1.HeroService/$find' } } };
    const error = await failureOf({ package: 'hero.v1', packageDefinition });
    expect(error.message).toMatch(/^grpc\.packageDefinition: gRPC cannot use these definitions: .*\$/);
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('names `grpc.protoLoader` for a package that is not installed', async () => {
    const protoLoader = 'no-such-proto-loader';
    const error = await failureOf({ package: 'hero.v1', protoPath: proto('hero'), protoLoader });
    expect(error.message).toContain(`grpc.protoLoader: cannot load the package 'no-such-proto-loader': `);
    expect(error.cause).toMatchObject({ code: 'MODULE_NOT_FOUND' });
  });

  it('does not change the server', async () => {
    const { grpc, inspect, server } = await startGrpcApp([HeroController], {
      package: 'hero.v1',
      protoPath: proto('hero'),
    });
    const before = await inspect();
    await expect(inspectGrpcServer(server, { ...grpc, package: 'nope' })).rejects.toThrow(
      GrpcReflectionError,
    );
    expect(await inspect()).toEqual(before);
  });

  it('lists the services of a proto without a package, if Nest serves them', async () => {
    @Controller()
    class RootController {
      @GrpcMethod('RootService')
      ping() {
        return {};
      }
    }

    const options = { package: '', protoPath: proto('no-package') };
    const started = await startGrpcApp([RootController], options).catch(() => undefined);
    // Nest 11 refuses to listen for it.
    if (started === undefined) return;
    expect((await started.inspect()).methods).toEqual(['/RootService/Ping']);
  });
});
