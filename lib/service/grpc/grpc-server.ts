import type { ModulesContainer } from '@nestjs/core';

/** One rpc of a service definition, as grpc-js keeps it. */
export interface GrpcRpcDefinition {
  /** `/pkg.Service/Rpc`. */
  readonly path?: string;
  /** The rpc's name in camel case, a second spelling under which it may be implemented. */
  readonly originalName?: string;
  /** The client sends a stream: client streaming and bidirectional rpcs. */
  readonly requestStream: boolean;
  /** The options of the rpc in its proto, where the loader gives them. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** A service found below a package entry: the name relative to the entry, and the grpc-js client class. */
export interface GrpcServiceEntry {
  readonly name: string;
  readonly service: { readonly service: Readonly<Record<string, GrpcRpcDefinition>> };
}

/**
 * What is used of Nest's `ServerGrpc`, all of it public there but typed `any` in part.
 * None of the four changes what the server does, before it listens or after.
 */
export interface GrpcServer {
  getHandlers(): ReadonlyMap<string, unknown>;
  lookupPackage(root: unknown, packageName: string): unknown;
  getServiceNames(grpcPackage: unknown): GrpcServiceEntry[];
  createService(service: GrpcServiceEntry['service'], name: string): Promise<object>;
}

const USED_METHODS = ['getHandlers', 'lookupPackage', 'getServiceNames', 'createService'] as const;

/**
 * Tells Nest's gRPC server, or a custom strategy that extends it, from the other transports' servers.
 * By its methods and not by its class: so `@nestjs/microservices` need not be loaded, nor be the same copy.
 */
export function isGrpcServer(target: unknown): target is GrpcServer {
  if (typeof target !== 'object' || target === null) return false;
  return USED_METHODS.every((method) => typeof Reflect.get(target, method) === 'function');
}

/** The address that a server was told to listen on: a protected field of Nest's, hence read with care. */
export function configuredUrl(server: object): unknown {
  return Reflect.get(server, 'url');
}

/** What a server was made with: a private field of Nest's, hence read with care. */
export function configuredOptions(server: object): object | undefined {
  const options: unknown = Reflect.get(server, 'options');
  return typeof options === 'object' && options !== null ? options : undefined;
}

/**
 * The gRPC servers of an application, in the order in which they were created. Nest adds every transport server to
 * this registry when a microservice is created or connected, so there is none before that.
 */
export function findGrpcServers(modules: ModulesContainer): GrpcServer[] {
  const targets: unknown[] = [];
  // The registry replays what it holds while subscribe() runs.
  modules
    .getRpcTargetRegistry<unknown>()
    .subscribe((target) => targets.push(target))
    .unsubscribe();
  return targets.filter(isGrpcServer);
}
