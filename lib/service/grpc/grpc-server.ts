import type { ModulesContainer } from '@nestjs/core';
import { hasMethods, isObject, propertyOf } from '../../support/shape.js';

/** An rpc of a service definition, as grpc-js keeps it. */
export interface GrpcRpcDefinition {
  /** `/pkg.Service/Rpc`. */
  readonly path?: string;
  /**
   * The name of the rpc in camel case. grpc-js accepts an implementation under this name as well.
   */
  readonly originalName?: string;
  /** Whether the client sends a stream: client streaming and bidirectional rpcs. */
  readonly requestStream: boolean;
  /** The options of the rpc in its proto, if the loader provides them. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/**
 * A service below an entry of the option `package`: its name relative to the entry, and its grpc-js
 * client class.
 */
export interface GrpcServiceEntry {
  readonly name: string;
  readonly service: { readonly service: Readonly<Record<string, GrpcRpcDefinition>> };
}

/**
 * The methods of Nest's `ServerGrpc` that this package calls. All are public there, but partly
 * typed `any`. None of them changes what the server does, before it listens or after.
 */
export interface GrpcServer {
  getHandlers(): ReadonlyMap<string, unknown>;
  lookupPackage(root: unknown, packageName: string): unknown;
  getServiceNames(grpcPackage: unknown): GrpcServiceEntry[];
  createService(service: GrpcServiceEntry['service'], name: string): Promise<object>;
}

/**
 * Returns whether a transport server is Nest's gRPC server, or a custom strategy that extends it.
 * It looks for methods instead of the class, so `@nestjs/microservices` need not be loaded or be
 * the same copy.
 */
export function isGrpcServer(target: unknown): target is GrpcServer {
  return hasMethods(target, 'getHandlers', 'lookupPackage', 'getServiceNames', 'createService');
}

/**
 * Returns the address that a server was created with. Nest keeps it in a protected field and has no
 * getter.
 */
export function configuredUrl(server: object): unknown {
  return propertyOf(server, 'url');
}

/**
 * Returns the options that a server was created with. Nest keeps them in a private field and has no
 * getter.
 */
export function configuredOptions(server: object): object | undefined {
  const options = propertyOf(server, 'options');
  return isObject(options) ? options : undefined;
}

/**
 * Returns the gRPC servers of an application, in the order in which they were created. Nest adds a
 * transport server to this registry when a microservice is created or connected, not earlier.
 */
export function findGrpcServers(modules: ModulesContainer): GrpcServer[] {
  const targets: unknown[] = [];
  // The registry replays its content while subscribe() runs.
  modules
    .getRpcTargetRegistry<unknown>()
    .subscribe((target) => targets.push(target))
    .unsubscribe();
  return targets.filter(isGrpcServer);
}

/**
 * Returns the grpc-js server inside Nest's gRPC server. Nest keeps it in a protected field and has
 * no getter.
 */
export function grpcJsServerOf(server: object): unknown {
  return Reflect.get(server, 'grpcClient');
}
