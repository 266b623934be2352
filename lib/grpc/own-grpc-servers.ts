import type { GrpcOptions } from '@nestjs/microservices';
import { configuredOptions, configuredUrl } from './grpc-server.js';

/**
 * Of the gRPC servers of an application those that were made with the given options: the very object, else the same address,
 * else the same packages. What tells none of them apart leaves all.
 */
export function ownGrpcServers<Server extends object>(
  servers: readonly Server[],
  grpc: GrpcOptions['options'] | undefined,
): readonly Server[] {
  if (!grpc) return servers;
  const packages = packagesOf(grpc);
  return [
    (server: Server) => configuredOptions(server) === grpc,
    (server: Server) => configuredUrl(server) === grpc.url,
    (server: Server) => packagesOf(configuredOptions(server)) === packages,
  ].reduce<readonly Server[]>((left, isSame) => {
    const same = left.filter(isSame);
    return same.length > 0 ? same : left;
  }, servers);
}

function packagesOf(grpc: object | undefined): string {
  const given: unknown = grpc && Reflect.get(grpc, 'package');
  return [given].flat().map(String).sort().join(' ');
}
