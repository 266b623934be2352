import type { GrpcOptions } from '@nestjs/microservices';
import { configuredOptions, configuredUrl } from './grpc-server.js';

type GrpcServerOptions = GrpcOptions['options'];

/**
 * Of the gRPC servers of an application those that were made with the given options: the very object, else the same address,
 * else the same packages, or more. What tells none of them apart leaves all.
 */
export function ownGrpcServers<Server extends object>(
  servers: readonly Server[],
  grpc: GrpcServerOptions | undefined,
): readonly Server[] {
  if (!grpc) return servers;
  const isSame = [
    (server: Server) => configuredOptions(server) === grpc,
    (server: Server) => configuredUrl(server) === grpc.url,
    (server: Server) => String(packagesOf(server)) === String(sorted(grpc.package)),
    (server: Server) => servesPackages(server, grpc),
  ];
  return isSame.reduce<readonly Server[]>((left, criterion) => {
    const same = left.filter(criterion);
    return same.length > 0 ? same : left;
  }, servers);
}

/** Whether a server was made for the packages of the given options, or does not tell for which it was made. */
export function servesPackages(server: object, grpc: GrpcServerOptions): boolean {
  const served = packagesOf(server);
  if (!served) return true;
  // Nest serves what is below a package as well.
  return sorted(grpc.package).every((name) =>
    served.some((entry) => name === entry || name.startsWith(`${entry}.`)),
  );
}

function packagesOf(server: object): readonly string[] | undefined {
  const options = configuredOptions(server);
  const given: unknown = options && Reflect.get(options, 'package');
  return given === undefined ? undefined : sorted(given);
}

function sorted(packages: unknown): readonly string[] {
  return [packages].flat().map(String).sort();
}
