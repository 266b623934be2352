import { HealthImplementation, type ServingStatus } from 'grpc-health-check';
import type { EventEmitter } from 'node:events';
import type { Subscription } from 'rxjs';
import { type HealthSource, healthSourcesOf, keepHealthWatches } from '../service/grpc/health-sources.js';
import { OpenWatches } from './open-watches.js';
import { servedService } from './served-services.js';

type HealthServer = Parameters<HealthImplementation['addToServer']>[0];

/** What is used of a grpc-js server. */
export interface GrpcJsServer {
  addService(...service: unknown[]): unknown;
  tryShutdown(...callback: unknown[]): unknown;
}

/** The name under which gRPC's health protocol tells of the whole server. */
const OVERALL = '';

/**
 * The health service of one grpc-js server. The modules of the application tell it when their
 * services want calls.
 */
export class ServerHealth {
  readonly #server: GrpcJsServer;
  readonly #health = new HealthImplementation();
  readonly #watches = new OpenWatches();
  readonly #told = new Map<string, ServingStatus>([[OVERALL, 'UNKNOWN']]);
  readonly #subscriptions: Subscription[];

  /** Adds the health service to the server, which has none of Nest's services yet. */
  constructor(server: GrpcJsServer) {
    this.#server = server;
    this.#addToServer();
    keepHealthWatches(server);
    this.#observeServices();
    this.#observeShutdown();
    this.#update();
    this.#subscriptions = healthSourcesOf(server).map(({ changes$ }) =>
      changes$.subscribe(() => this.#update()),
    );
  }

  #addToServer(): void {
    this.#health.addToServer({
      addService: (...[definition, { watch, ...others }]: Parameters<HealthServer['addService']>) => {
        this.#server.addService(definition, {
          ...others,
          watch: (call: EventEmitter) => {
            (watch as (call: EventEmitter) => void)(call);
            this.#watches.add(call);
          },
        });
      },
    });
  }

  /** Nest adds its services later. */
  #observeServices(): void {
    const server = this.#server;
    const addService = server.addService.bind(server);
    server.addService = (...[definition, implementation, ...rest]) => {
      addService(definition, implementation, ...rest);
      const name = servedService(definition, implementation);
      if (name === undefined || this.#told.has(name)) return;
      this.#told.set(name, 'UNKNOWN');
      this.#update();
    };
  }

  /** If all modules are turned off, nobody tells of the end. An open watch would hold it up. */
  #observeShutdown(): void {
    const server = this.#server;
    const tryShutdown = server.tryShutdown.bind(server);
    server.tryShutdown = (...callback) => {
      this.#end();
      return tryShutdown(...callback);
    };
  }

  #update(): void {
    const sources = this.#sources();
    for (const [name, told] of this.#told) {
      const status = isServing(sources, name) ? 'SERVING' : 'NOT_SERVING';
      // Each `setStatus` is a message to every watch.
      if (status !== told) this.#tell(name, status);
    }
    if (sources.length > 0 && sources.every((source) => source.isLeaving())) this.#watches.endAll();
  }

  #end(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    for (const [name, told] of this.#told) if (told !== 'NOT_SERVING') this.#tell(name, 'NOT_SERVING');
    this.#watches.endAll();
  }

  #tell(name: string, status: ServingStatus): void {
    this.#told.set(name, status);
    this.#health.setStatus(name, status);
  }

  /** A server that no module registers follows all modules of its application. */
  #sources(): readonly HealthSource[] {
    const sources = healthSourcesOf(this.#server);
    const owners = sources.filter((source) => source.owns());
    return owners.length > 0 ? owners : sources;
  }
}

/**
 * Returns whether a service is to get calls: if one of the modules that register it wants them. If
 * none registers it, one of all is enough, unless a module that has not started may register it.
 */
function isServing(sources: readonly HealthSource[], name: string): boolean {
  if (sources.length === 0) return true;
  const registering = sources.filter((source) => source.services().includes(name));
  if (registering.length > 0) return registering.some((source) => source.isServing());
  const needsAll = name !== OVERALL && sources.some(mayRegister);
  return needsAll
    ? sources.every((source) => source.isServing())
    : sources.some((source) => source.isServing());
}

/** The services of a module are known only after it has started. */
function mayRegister(source: HealthSource): boolean {
  return source.owns() && source.services().length === 0;
}
