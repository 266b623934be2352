import type { GrpcOptions } from '@nestjs/microservices';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { hasKeptWatches } from '../service/grpc/health-sources.js';
import { hasMethods } from '../support/shape.js';
import { type GrpcJsServer, ServerHealth } from './server-health.js';

/**
 * Adds the health service `grpc.health.v1.Health` to a gRPC server: give it as
 * `onLoadPackageDefinition`, or call it there before services of your own are added. It needs
 * nothing else, also if the application has several `SidecarAgentModule`s.
 *
 * The server, and each of its services by name, is
 * - `SERVING` once the application is booted and bound, whether or not the agent is there
 * - `NOT_SERVING` before that, while the service is drained or deregistered manually, and from the
 *   first moment of the shutdown. Then each `Watch` ends, with UNAVAILABLE
 *
 * If the option `enabled` of the module is false, it is `SERVING` until the server shuts down. With
 * Nest's option `gracefulShutdown`, each `Watch` then ends as above. Without it, which is Nest's
 * default, Nest cuts each `Watch`: it ends with CANCELLED, and without `NOT_SERVING`.
 *
 * @param _packageDefinition not used; Nest gives it first
 * @param server the grpc-js server that Nest gives second
 * @throws {SidecarAgentError} of kind `invalid_options` if `server` is something else
 *
 * @example
 * ```ts
 * export const grpcOptions = {
 *   package: 'auth.v1',
 *   protoPath: 'auth.proto',
 *   onLoadPackageDefinition: addGrpcHealth,
 * };
 * ```
 */
export function addGrpcHealth(_packageDefinition: unknown, server: object): void {
  if (!hasMethods(server, 'addService', 'tryShutdown')) {
    throw new SidecarAgentError(
      'invalid_options',
      'addGrpcHealth: the second argument must be the grpc-js server; ' +
        'give the function as onLoadPackageDefinition: addGrpcHealth',
    );
  }
  if (hasKeptWatches(server)) return;
  new ServerHealth(server satisfies GrpcJsServer);
}

/**
 * Returns gRPC options with the health service of {@link addGrpcHealth}. Your own
 * `onLoadPackageDefinition` is called after it.
 *
 * @param options the options of Nest's gRPC server. Give the result to the server and to the module
 *
 * @example
 * ```ts
 * export const grpcOptions = withGrpcHealth({ package: 'auth.v1', protoPath: 'auth.proto' });
 * ```
 */
export function withGrpcHealth<Options extends GrpcOptions['options']>(options: Options): Options {
  return {
    ...options,
    onLoadPackageDefinition: (packageDefinition: unknown, server: object) => {
      addGrpcHealth(packageDefinition, server);
      options.onLoadPackageDefinition?.(packageDefinition, server);
    },
  };
}
