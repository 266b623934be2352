import type { Logger } from '@nestjs/common';
import type { GrpcOptions } from '@nestjs/microservices';
import { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import { type GrpcInventory, inspectGrpcServer } from './grpc-inventory.js';
import { configuredOptions, type GrpcServer } from './grpc-server.js';
import { isInfrastructureMethod } from './infrastructure-methods.js';
import { servesPackages } from './own-grpc-servers.js';

/** The methods that a service serves. */
export interface ServedMethods {
  /** The methods to register. */
  readonly methods: readonly string[];
  /** The annotations of `methods`, by full path. */
  readonly httpRules: GrpcInventory['httpRules'];
  /** Every method that is served, those that are not registered included. */
  readonly all: readonly string[];
}

/** The gRPC servers of an application, from the view of one module. */
export interface GrpcServers {
  /** The servers whose methods the module registers. */
  readonly own: readonly GrpcServer[];
  /** The other servers. Nest gives them the same handlers. */
  readonly others: readonly GrpcServer[];
}

/** How {@link readServedMethods} reports what is not served. */
export interface ServedMethodsContext {
  /** Whether the module registers the methods of a gateway manifest instead. */
  readonly isManifested: boolean;
  /** Whether methods of gRPC's own services are registered. */
  readonly announceInfrastructure: boolean;
  readonly logger: Logger;
}

type GrpcServerOptions = GrpcOptions['options'];

/**
 * Reads from the servers which methods they serve. Logs a warning for each rpc without a handler,
 * and for each handler that no call can reach.
 *
 * @param grpc the options that the module's own server was created with
 * @throws {SidecarAgentError} if the methods cannot be read, or if there are none to register
 */
export async function readServedMethods(
  grpc: GrpcServerOptions | undefined,
  { own, others }: GrpcServers,
  context: ServedMethodsContext,
): Promise<ServedMethods> {
  if (!grpc || own.length === 0) {
    throw unreadable(
      'the application has no gRPC server to read the methods from: create one with transport: Transport.GRPC, or set the option methods',
    );
  }
  const inventories = await Promise.all(own.map((server) => inspectGrpcServer(server, grpc)));
  const packages = `packages in the option grpc.package (${String(grpc.package)})`;
  if (!own.some((server) => servesPackages(server, grpc))) {
    // Nest gives the handlers to every server, so the inventory lists methods that no call reaches.
    throw unreadable(
      `no gRPC server of the application serves the ${packages}: connect one, or pass the server's own options as grpc`,
    );
  }
  const methods = inventories.flatMap((inventory) => inventory.methods);
  warnOfUnserved(inventories, new Set(methods), context);
  warnOfUnmatched([...inventories, ...(await Promise.all(others.map(inspectOtherServer)))], context.logger);
  if (methods.length === 0) {
    throw unreadable(
      `no rpc of the ${packages} has a handler: list the controllers with @GrpcMethod() in a module, check that grpc.package is the whole package of the proto, or set the option methods`,
    );
  }
  const isAnnounced = (path: string) => context.announceInfrastructure || !isInfrastructureMethod(path);
  const announced = methods.filter(isAnnounced);
  // A manifest says itself which methods are registered.
  if (announced.length === 0 && !context.isManifested) {
    throw unreadable(
      `the ${packages} have only services of gRPC itself, such as health and reflection: add the package of your service, or set announceInfrastructure: true`,
    );
  }
  const rules = inventories.flatMap(({ httpRules }) => [...httpRules]);
  return {
    methods: announced,
    httpRules: new Map(rules.filter(([path]) => isAnnounced(path))),
    all: methods,
  };
}

/** Inspects a server by the options that it keeps; `undefined` if they do not suffice. */
async function inspectOtherServer(server: GrpcServer): Promise<GrpcInventory | undefined> {
  try {
    return await inspectGrpcServer(server, configuredOptions(server) as GrpcServerOptions);
  } catch {
    // Its faults do not concern this module.
    return undefined;
  }
}

function unreadable(message: string): SidecarAgentError {
  return new SidecarAgentError('runtime_error', message);
}

function warnOfUnserved(
  inventories: readonly GrpcInventory[],
  served: ReadonlySet<string>,
  { isManifested, logger }: ServedMethodsContext,
): void {
  for (const path of new Set(inventories.flatMap((inventory) => inventory.unservedRpcs))) {
    if (served.has(path)) continue;
    logger.warn(
      `No handler serves the rpc ${path}: ${isManifested ? '' : 'it is not registered, and '}callers get UNIMPLEMENTED`,
    );
  }
}

/**
 * Each server has all handlers, so a handler is a mistake only if it matches no rpc of any server.
 */
function warnOfUnmatched(inventories: readonly (GrpcInventory | undefined)[], logger: Logger): void {
  const [first, ...others] = inventories.map((inventory) => inventory?.unmatchedHandlers.map(nameOf) ?? []);
  for (const name of first ?? []) {
    if (!others.every((names) => names.includes(name))) continue;
    logger.warn(`The handler of ${name} matches no rpc of the loaded protos: no call will reach it`);
  }
}

function nameOf({ service, rpc, streaming }: GrpcInventory['unmatchedHandlers'][number]): string {
  return `${service}.${rpc} (${streaming})`;
}
