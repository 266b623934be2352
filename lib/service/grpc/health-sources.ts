import type { Observable } from 'rxjs';

/**
 * The property in which a grpc-js server keeps what the modules of the application tell of their
 * services. The health service reads it, and may come from another copy of the package, so the
 * members of {@link HealthSource} are a contract between copies.
 */
const SOURCES = Symbol.for('nestjs-sidecar-agent:health-sources');

/** The property of a grpc-js server whose health service ends its watches itself. */
const ENDS_WATCHES = Symbol.for('nestjs-sidecar-agent:ends-health-watches');

/** What a module tells of its service. */
export interface ServiceHealth {
  /** Whether the service wants calls: the application is booted and bound, and not drained. */
  isServing(): boolean;
  /** Whether the service has begun to leave the mesh, or has left it. */
  isLeaving(): boolean;
  /** The full names of the gRPC services that the module registers; none before the start. */
  services(): readonly string[];
  /** Emits after each change. */
  readonly changes$: Observable<unknown>;
}

/** A module, as the health service of a gRPC server sees it. */
export interface HealthSource extends ServiceHealth {
  /** Whether the module registers the service of the server. */
  owns(): boolean;
}

/**
 * Adds a module, before the services are added to the grpc-js server.
 *
 * @param owns returns whether the module registers the service of the server, as far as is known
 */
export function addHealthSource(grpcJsServer: object, health: ServiceHealth, owns: () => boolean): void {
  const source: HealthSource = { ...health, owns };
  Object.assign(grpcJsServer, { [SOURCES]: [...healthSourcesOf(grpcJsServer), source] });
}

/** Returns the modules of a grpc-js server's application; none that is turned off. */
export function healthSourcesOf(grpcJsServer: object): readonly HealthSource[] {
  const known: unknown = Reflect.get(grpcJsServer, SOURCES);
  return Array.isArray(known) ? (known as HealthSource[]) : [];
}

/**
 * Notes that the health service of a grpc-js server ends its watches itself. The modules leave that
 * to it, since it tells each watch of the end first, and the server may be that of several modules.
 */
export function keepHealthWatches(grpcJsServer: object): void {
  Object.assign(grpcJsServer, { [ENDS_WATCHES]: true });
}

/** Returns whether a grpc-js server has a health service that ends its watches itself. */
export function hasKeptWatches(grpcJsServer: object): boolean {
  return ENDS_WATCHES in grpcJsServer;
}

/** Returns whether a method is the watch of a health service that ends it itself. */
export function isKeptWatch(grpcJsServer: object | undefined, path: string): boolean {
  return path === '/grpc.health.v1.Health/Watch' && !!grpcJsServer && hasKeptWatches(grpcJsServer);
}
