import type { INestApplicationContext } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { GrpcOptions } from '@nestjs/microservices';
import { GrpcReflectionError } from '../../errors/grpc-reflection.error.js';
import { sortUnique } from '../../support/text/sort-unique.js';
import { inspectGrpcServer } from './grpc-inventory.js';
import { findGrpcServers } from './grpc-server.js';

/**
 * Returns the full paths of the gRPC methods that your app serves, `/pkg.Service/Rpc`, sorted and
 * unique: every unary or streaming rpc of the packages in `grpc.package` that has a handler. It
 * excludes rpcs without a handler, handlers that match no rpc, and services that you add in
 * `onLoadPackageDefinition`. It includes gRPC's own services, such as health, which the module
 * registers only with `announceInfrastructure: true`.
 *
 * Call it after Nest has registered the handlers:
 * - in a microservice after `listen()` or `init()`
 * - in a hybrid application after `connectMicroservice()`, or after `startAllMicroservices()` if
 *   the microservice has `deferInitialization`
 *
 * @param app the microservice or the hybrid application
 * @param grpc the options that its gRPC server was created with. If the application has several
 *   gRPC servers, give those of the server that you mean.
 * @throws {GrpcReflectionError} if the application has no gRPC server, if the server has no
 *   handlers yet, if a proto cannot be loaded (`grpc.protoPath`), or if the protos have no such
 *   package (`grpc.package`)
 *
 * @example
 * ```ts
 * const grpc = { package: 'hero.v1', protoPath: 'hero.proto', url: '0.0.0.0:50051' };
 * const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
 *   transport: Transport.GRPC,
 *   options: grpc,
 * });
 * await app.listen();
 * await buildGrpcMethods(app, grpc);
 * // ['/hero.v1.HeroService/FindMany', '/hero.v1.HeroService/FindOne']
 * ```
 */
export async function buildGrpcMethods(
  app: INestApplicationContext,
  grpc: GrpcOptions['options'],
): Promise<string[]> {
  const servers = findGrpcServers(app.get(ModulesContainer));
  if (servers.length === 0) {
    throw new GrpcReflectionError(
      'the application has no gRPC server: create it with NestFactory.createMicroservice(), or connect one with ' +
        'app.connectMicroservice(), with transport: Transport.GRPC',
    );
  }
  if (servers.every((server) => server.getHandlers().size === 0)) {
    throw new GrpcReflectionError(
      'the gRPC server has no handlers: call buildGrpcMethods() after app.listen() or app.init(), and list a ' +
        'controller with @GrpcMethod() in a module',
    );
  }
  const inventories = await Promise.all(servers.map((server) => inspectGrpcServer(server, grpc)));
  return sortUnique(inventories.flatMap(({ methods }) => methods));
}
