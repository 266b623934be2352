import type { GrpcDefinitions } from './load-grpc-definitions.js';
import { GrpcReflectionError } from '../../errors/grpc-reflection.error.js';
import type { GrpcServer, GrpcServiceEntry } from './grpc-server.js';

/**
 * The services that Nest adds to the server for its option `package`: those of every entry, with the packages below it.
 *
 * @throws GrpcReflectionError naming `grpc.package`, where an entry is no package of the protos. Nest refuses to
 *   listen for a package that is not there, but says nothing where the entry names a service or a message.
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
    // Nest 11 steps through the missing parent of a package, which throws a TypeError.
    return undefined;
  }
}

/** In the tree of grpc-js a service is a class, and a message or an enum an object that tells its format. */
function isPackage(node: unknown): boolean {
  return typeof node === 'object' && node !== null && typeof Reflect.get(node, 'format') !== 'string';
}
