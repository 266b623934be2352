import { GrpcReflectionError } from '../../errors/grpc-reflection.error.js';
import { isObject, propertyOf } from '../../support/shape.js';
import type { GrpcServer, GrpcServiceEntry } from './grpc-server.js';
import type { GrpcDefinitions } from './load-grpc-definitions.js';

/**
 * Returns the services that Nest adds to the server for its option `package`: those of every entry
 * and of the packages below it.
 *
 * @throws {GrpcReflectionError} that names `grpc.package`, if an entry is not a package of the
 *   protos. Nest refuses to listen for a package that does not exist, but accepts the name of a
 *   service or a message and then serves nothing.
 */
export function selectGrpcServices(
  server: GrpcServer,
  packageOption: string | readonly string[],
  { root, packageNames }: GrpcDefinitions,
): GrpcServiceEntry[] {
  return [packageOption].flat().flatMap((packageName) => {
    const grpcPackage = lookupPackage(server, root, packageName);
    if (!isPackage(grpcPackage)) {
      const found = packageNames.map((name) => (name === '' ? `'' (no package)` : `'${name}'`)).join(', ');
      const message = `the protos have no package '${packageName}'. Packages with a service: ${found || 'none'}`;
      throw new GrpcReflectionError(message, { option: 'grpc.package' });
    }
    return server.getServiceNames(grpcPackage);
  });
}

function lookupPackage(server: GrpcServer, root: unknown, packageName: string): unknown {
  try {
    return server.lookupPackage(root, packageName);
  } catch {
    // Nest 11 reads a property of the missing parent of a package, which throws a TypeError.
    return undefined;
  }
}

/**
 * In the tree of grpc-js, a service is a class, and a message or an enum an object with a format.
 */
function isPackage(node: unknown): boolean {
  return isObject(node) && typeof propertyOf(node, 'format') !== 'string';
}
