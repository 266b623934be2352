import { createRequire } from 'node:module';
import type { GrpcObject } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import type { GrpcOptions } from '@nestjs/microservices';
import { messageOf } from '../../support/text/describe-thrown.js';
import { GrpcReflectionError } from '../../errors/grpc-reflection.error.js';

type GrpcServerOptions = GrpcOptions['options'];
type ProtoLoader = Pick<typeof import('@grpc/proto-loader'), 'loadSync'>;

/** Nest's default for the option `protoLoader`. */
const DEFAULT_PROTO_LOADER = '@grpc/proto-loader';

/** The protos of a gRPC server, loaded a second time and apart from the server. */
export interface GrpcDefinitions {
  /** The tree of packages, as grpc-js makes it. */
  readonly root: GrpcObject;
  /** The packages that hold a service, sorted; `''` where a proto has no package. */
  readonly packageNames: readonly string[];
}

/**
 * Loads the protos that the options name, as Nest does for its server: `packageDefinition`, or `protoPath` through
 * `protoLoader` with the `loader` options. `onLoadPackageDefinition` is not called: it is there to add services to the
 * server, and has been or will be called by Nest. What it changes in its first argument is therefore only seen here
 * where the options have a `packageDefinition`, which is the same object.
 *
 * @throws GrpcReflectionError naming the option, where the protos or their loader cannot be loaded
 */
export async function loadGrpcDefinitions(grpc: GrpcServerOptions): Promise<GrpcDefinitions> {
  // Not imported above: the library is only paid for where a gRPC server has loaded it already.
  const { loadPackageDefinition } = await import('@grpc/grpc-js');
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

/** Nest takes one of the two and refuses both or none. */
function readPackageDefinition(grpc: GrpcServerOptions): PackageDefinition {
  const { protoPath } = grpc;
  const packageDefinition = grpc.packageDefinition as PackageDefinition | undefined;
  if (protoPath && packageDefinition) {
    const message = 'give either this or grpc.packageDefinition, not both';
    throw new GrpcReflectionError(message, { option: 'grpc.protoPath' });
  }
  if (packageDefinition) return packageDefinition;
  if (!protoPath) {
    const message = 'missing: give the path of the .proto file, or grpc.packageDefinition';
    throw new GrpcReflectionError(message, { option: 'grpc.protoPath' });
  }
  const protoLoader = requireProtoLoader(grpc.protoLoader || DEFAULT_PROTO_LOADER);
  try {
    return protoLoader.loadSync(protoPath, grpc.loader);
  } catch (cause) {
    const message = `cannot load ${[protoPath].flat().join(', ')}: ${messageOf(cause)}`;
    throw new GrpcReflectionError(message, { option: 'grpc.protoPath', cause });
  }
}

/** From where Nest requires it, so that both get the same module, whatever the layout of node_modules. */
function requireProtoLoader(name: string): ProtoLoader {
  try {
    const nestEntry = createRequire(import.meta.url).resolve('@nestjs/microservices');
    return createRequire(nestEntry)(name) as ProtoLoader;
  } catch (cause) {
    const message = `cannot load the package '${name}': ${messageOf(cause)}`;
    throw new GrpcReflectionError(message, { option: 'grpc.protoLoader', cause });
  }
}

function listPackages(definition: PackageDefinition): string[] {
  const services = Object.keys(definition).filter((name) => !('format' in (definition[name] ?? {})));
  return [...new Set(services.map((name) => name.split('.').slice(0, -1).join('.')))].sort();
}
