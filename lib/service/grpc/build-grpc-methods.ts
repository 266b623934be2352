import type { INestApplicationContext } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { GrpcOptions } from '@nestjs/microservices';
import { inspectGrpcServer } from './grpc-inventory.js';
import { GrpcReflectionError } from '../../errors/grpc-reflection.error.js';
import { findGrpcServers } from './grpc-server.js';

/**
 * The full paths of the gRPC methods that an application really serves, `/pkg.Service/Rpc`, sorted: every rpc of the
 * packages in `grpc.package`, unary or streaming, for which Nest has a handler. An rpc without a handler, and a
 * handler that matches no rpc, are not in it; nor are services added in `onLoadPackageDefinition`.
 *
 * Call it when the handlers are registered: after `listen()` or `init()` of a microservice, and in a hybrid application
 * after `connectMicroservice()`, or after `startAllMicroservices()` where that has `deferInitialization`. Where the
 * application has several gRPC servers, give the options of the one that is meant.
 *
 * @param app the microservice, or the hybrid application
 * @param grpc the options that its gRPC server was made with
 * @throws GrpcReflectionError where there is no gRPC server or it has no handlers yet, where a proto cannot be loaded
 *   (`grpc.protoPath`), or where the protos have no such package (`grpc.package`)
 *
 * @example
 * ```ts
 * const grpc = { package: 'hero.v1', protoPath: join(import.meta.dirname, 'hero.proto'), url: '0.0.0.0:50051' };
 * const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
 *   transport: Transport.GRPC,
 *   options: grpc,
 * });
 * await app.listen();
 * await buildGrpcMethods(app, grpc); // ['/hero.v1.HeroService/FindMany', '/hero.v1.HeroService/FindOne']
 * ```
 */
export async function buildGrpcMethods(
  app: INestApplicationContext,
  grpc: GrpcOptions['options'],
): Promise<string[]> {
  const servers = findGrpcServers(app.get(ModulesContainer));
  if (servers.length === 0) {
    throw new GrpcReflectionError(
      'The application has no gRPC server. Create it with NestFactory.createMicroservice(), or connect one with ' +
        'app.connectMicroservice(), with transport: Transport.GRPC.',
    );
  }
  if (servers.every((server) => server.getHandlers().size === 0)) {
    throw new GrpcReflectionError(
      'The gRPC server has no handlers. Ask after app.listen() or app.init(), and list a controller with ' +
        '@GrpcMethod() in a module.',
    );
  }
  const inventories = await Promise.all(servers.map((server) => inspectGrpcServer(server, grpc)));
  return [...new Set(inventories.flatMap(({ methods }) => methods))].sort();
}
