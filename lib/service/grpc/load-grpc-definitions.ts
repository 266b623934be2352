import type { GrpcObject } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import type { GrpcOptions } from '@nestjs/microservices';
import { messageOf } from '../../support/text/describe-thrown.js';
import { GrpcReflectionError } from '../../errors/grpc-reflection.error.js';
import { requireGrpcJs, requireProtoLoader } from '../../support/late-packages.cjs';
import { sortUnique } from '../../support/text/sort-unique.js';

type GrpcServerOptions = GrpcOptions['options'];
type GrpcLibrary = Pick<typeof import('@grpc/grpc-js'), 'loadPackageDefinition'>;
type ProtoLoader = Pick<typeof import('@grpc/proto-loader'), 'loadSync'>;

/** Nest's default for the option `protoLoader`. */
const DEFAULT_PROTO_LOADER = '@grpc/proto-loader';

/** The protos of a gRPC server, loaded a second time, independent of the server. */
export interface GrpcDefinitions {
  /** The tree of packages, as grpc-js builds it. */
  readonly root: GrpcObject;
  /** The packages that have a service, sorted; `''` for a proto without a package. */
  readonly packageNames: readonly string[];
}

/**
 * Loads the protos that the options name, as Nest does for its server: `packageDefinition`, or
 * `protoPath` through `protoLoader` with the `loader` options.
 *
 * It does not call `onLoadPackageDefinition`, which adds services to the server: Nest calls it
 * once. So it sees what that function changes in its first argument only if the options have a
 * `packageDefinition`, which is the same object.
 *
 * @throws {GrpcReflectionError} that names the option, if the protos or their loader cannot be
 *   loaded
 */
export function loadGrpcDefinitions(grpc: GrpcServerOptions): GrpcDefinitions {
  // Not imported above: services without a gRPC server do not need the library.
  const { loadPackageDefinition } = requireGrpcJs() as GrpcLibrary;
  const definition = readPackageDefinition(grpc);
  try {
    return { root: loadPackageDefinition(definition), packageNames: listPackages(definition) };
  } catch (cause) {
    const option = grpc.packageDefinition ? 'grpc.packageDefinition' : 'grpc.protoPath';
    throw new GrpcReflectionError(`gRPC cannot use these definitions: ${messageOf(cause)}`, {
      option,
      cause,
    });
  }
}

/**
 * Returns the definition that the options name in one of two ways. Nest refuses both or none as
 * well.
 */
function readPackageDefinition(grpc: GrpcServerOptions): PackageDefinition {
  const { protoPath } = grpc;
  const packageDefinition = grpc.packageDefinition as PackageDefinition | undefined;
  if (protoPath && packageDefinition) {
    const message = 'cannot be combined with grpc.packageDefinition: give one of the two';
    throw new GrpcReflectionError(message, { option: 'grpc.protoPath' });
  }
  if (packageDefinition) return packageDefinition;
  if (!protoPath) {
    const message = 'is required: give the path of the .proto file, or grpc.packageDefinition';
    throw new GrpcReflectionError(message, { option: 'grpc.protoPath' });
  }
  const protoLoader = loadProtoLoader(grpc.protoLoader || DEFAULT_PROTO_LOADER);
  try {
    return protoLoader.loadSync(protoPath, grpc.loader);
  } catch (cause) {
    const message = `cannot load ${[protoPath].flat().join(', ')}: ${messageOf(cause)}`;
    throw new GrpcReflectionError(message, { option: 'grpc.protoPath', cause });
  }
}

/**
 * Requires the loader as Nest does, so that both get the same module in any layout of node_modules.
 */
function loadProtoLoader(name: string): ProtoLoader {
  try {
    return requireProtoLoader(name) as ProtoLoader;
  } catch (cause) {
    const message = `cannot load the package '${name}': ${messageOf(cause)}`;
    throw new GrpcReflectionError(message, { option: 'grpc.protoLoader', cause });
  }
}

function listPackages(definition: PackageDefinition): string[] {
  const services = Object.keys(definition).filter((name) => !('format' in (definition[name] ?? {})));
  return sortUnique(services.map((name) => name.split('.').slice(0, -1).join('.')));
}
