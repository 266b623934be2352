import type { Logger } from '@nestjs/common';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { type GrpcInventory, inspectGrpcServer } from './grpc/grpc-inventory.js';
import type { GrpcServer } from './grpc/grpc-server.js';
import { inspectOtherServer } from './grpc/inspect-other-server.js';
import { servesPackages } from './grpc/own-grpc-servers.js';
import type { ServiceSource } from './service-source.js';

/** What a service serves, with the annotations of its rpcs. */
export type ServedMethods = Pick<GrpcInventory, 'methods' | 'httpRules'>;

/** The gRPC servers of an application, as one module sees them. */
export interface GrpcServers {
  /** The module's own, with their handlers. */
  readonly own: readonly GrpcServer[];
  /** The others, which have the same handlers. */
  readonly others: readonly GrpcServer[];
}

/** What beside the servers counts. */
export interface ReflectionContext {
  /** Whether a manifest says what is announced, and not what is served. */
  readonly isManifested: boolean;
  readonly logger: Logger;
}

/**
 * Reads the methods off the servers, and warns of what is declared and not served, or served and not reachable.
 *
 * @throws {SidecarAgentError} where they cannot be read, or there are none
 */
export async function reflectMethods(
  grpc: ServiceSource['grpc'],
  { own, others }: GrpcServers,
  context: ReflectionContext,
): Promise<ServedMethods> {
  if (!grpc || own.length === 0) {
    throw unserved(
      'there is no gRPC server to read the methods of: create one with transport Transport.GRPC, or give the option methods',
    );
  }
  const inventories = await Promise.all(own.map((server) => inspectGrpcServer(server, grpc)));
  const packages = `packages in the option grpc.package (${String(grpc.package)})`;
  if (!own.some((server) => servesPackages(server, grpc))) {
    // The handlers are there, for every server has all: but no call would reach them.
    throw unserved(
      `no gRPC server of the application was made for the ${packages}: connect it, or give the module the server's own options as grpc`,
    );
  }
  const methods = inventories.flatMap((inventory) => inventory.methods);
  warnOfUnserved(inventories, new Set(methods), context);
  warnOfUnmatched([...inventories, ...(await Promise.all(others.map(inspectOtherServer)))], context.logger);
  if (methods.length === 0) {
    throw unserved(
      `no rpc of the ${packages} has a handler: list the controllers with @GrpcMethod in a module, or give the option methods`,
    );
  }
  return { methods, httpRules: new Map(inventories.flatMap(({ httpRules }) => [...httpRules])) };
}

function unserved(message: string): SidecarAgentError {
  return new SidecarAgentError('runtime_error', message);
}

function warnOfUnserved(
  inventories: readonly GrpcInventory[],
  served: ReadonlySet<string>,
  { isManifested, logger }: ReflectionContext,
): void {
  for (const path of new Set(inventories.flatMap((inventory) => inventory.unservedRpcs))) {
    if (served.has(path)) continue;
    logger.warn(
      `No handler serves the rpc ${path}: ${isManifested ? '' : 'it is not announced, and '}callers get UNIMPLEMENTED`,
    );
  }
}

/** Each server has the handlers of all: a mistake is what no server has an rpc for, as far as that is known of each. */
function warnOfUnmatched(inventories: readonly (GrpcInventory | undefined)[], logger: Logger): void {
  const [first, ...others] = inventories.map((inventory) => inventory?.unmatchedHandlers.map(nameOf) ?? []);
  for (const name of first ?? []) {
    if (!others.every((names) => names.includes(name))) continue;
    logger.warn(`The handler of ${name} serves no rpc of the loaded protos: no call will reach it`);
  }
}

function nameOf({ service, rpc, streaming }: GrpcInventory['unmatchedHandlers'][number]): string {
  return `${service}.${rpc} (${streaming})`;
}
