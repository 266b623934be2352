import type { GrpcOptions } from '@nestjs/microservices';
import { propertyOf } from '../../support/shape.js';
import { configuredOptions, configuredUrl } from './grpc-server.js';

type GrpcServerOptions = GrpcOptions['options'];

/**
 * Returns the servers that were created with the given options: the same object, otherwise the same
 * address, otherwise the same packages, otherwise these packages among others. A criterion that no
 * server meets is skipped, so the result is never empty if `servers` is not.
 */
export function ownGrpcServers<Server extends object>(
  servers: readonly Server[],
  grpc: GrpcServerOptions | undefined,
): readonly Server[] {
  if (!grpc) return servers;
  const criteria = [
    (server: Server) => configuredOptions(server) === grpc,
    (server: Server) => configuredUrl(server) === grpc.url,
    (server: Server) => String(packagesOf(server)) === String(sorted(grpc.package)),
    (server: Server) => servesPackages(server, grpc),
  ];
  return criteria.reduce<readonly Server[]>((left, isOwn) => {
    const own = left.filter(isOwn);
    return own.length > 0 ? own : left;
  }, servers);
}

/**
 * Returns whether a server serves the packages of the given options; true if its packages are
 * unknown.
 */
export function servesPackages(server: object, grpc: GrpcServerOptions): boolean {
  const served = packagesOf(server);
  if (!served) return true;
  // Nest serves the packages below an entry as well.
  return sorted(grpc.package).every((name) =>
    served.some((entry) => name === entry || name.startsWith(`${entry}.`)),
  );
}

function packagesOf(server: object): readonly string[] | undefined {
  const given = propertyOf(configuredOptions(server), 'package');
  return given === undefined ? undefined : sorted(given);
}

function sorted(packages: unknown): readonly string[] {
  return [packages].flat().map(String).sort();
}
