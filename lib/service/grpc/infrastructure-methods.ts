/** The packages of the services that belong to gRPC itself, of every version. */
const INFRASTRUCTURE = /^grpc\.(?:health|reflection|channelz)\./;

/**
 * Returns whether a service belongs to gRPC itself, such as `grpc.health.v1.Health`. Monitoring and
 * tools call these services for ever; callers in the mesh do not.
 *
 * @param name the full name of the service
 */
export function isInfrastructureService(name: string): boolean {
  return INFRASTRUCTURE.test(name);
}

/**
 * Returns whether a method belongs to a service of gRPC itself.
 *
 * @param path the full path of the method, such as `/grpc.health.v1.Health/Check`
 */
export function isInfrastructureMethod(path: string): boolean {
  return path.startsWith('/') && isInfrastructureService(path.slice(1));
}
