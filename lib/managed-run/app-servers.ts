import type { ModulesContainer } from '@nestjs/core';
import type { Subscription } from 'rxjs';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { http2ServersOf } from '../lifecycle/http2-servers.js';
import { hasMethods } from '../support/shape.js';
import type { SidecarApp } from './run-options.interface.js';

/** The public methods of Nest's transport servers that are wrapped. */
interface TransportServer {
  listen(callback: (...info: unknown[]) => void): unknown;
  close: () => unknown;
}

/** The methods of Node's servers that are used. */
interface NodeServer {
  once(event: 'close', listener: () => void): unknown;
  removeListener(event: 'close', listener: () => void): unknown;
}

/**
 * Observes the servers of an application: whether one has begun to listen, which tells a start-up
 * hook that failed from a port that is taken, and whether one closed although no code asked for it.
 */
export class AppServers {
  /** Rejects when a server closes although no code has closed it; otherwise it stays pending. */
  readonly died: Promise<never>;
  readonly #app: SidecarApp;
  readonly #isEnding: () => boolean;
  readonly #subscription: Subscription;
  readonly #transports = new Set<TransportServer>();
  readonly #closed = new Set<TransportServer>();
  readonly #watched = new Map<NodeServer, () => void>();
  #rejectDied: (failure: SidecarAgentError) => void = () => {};
  #listens = false;

  /** @param isEnding whether the application is closing, which closes its servers */
  constructor(app: SidecarApp, modules: ModulesContainer, isEnding: () => boolean) {
    this.#app = app;
    this.#isEnding = isEnding;
    this.died = new Promise((_, reject) => (this.#rejectDied = reject));
    // The run waits for it later. Until then a rejection must not count as unhandled.
    this.died.catch(() => {});
    this.#subscription = modules.getRpcTargetRegistry<unknown>().subscribe((target) => this.#attach(target));
  }

  /** Whether a transport server has begun to listen. */
  get listens(): boolean {
    return this.#listens;
  }

  /** Starts to observe the end of the servers, once all have started. */
  watch(): void {
    for (const transport of this.#transports) {
      const isWanted = () => this.#closed.has(transport);
      for (const server of http2ServersOf(transport)) this.#watch(server, 'gRPC', isWanted);
    }
    if ('getHttpServer' in this.#app) this.#watch(this.#app.getHttpServer(), 'HTTP', () => false);
  }

  /** Stops to observe. */
  release(): void {
    this.#subscription.unsubscribe();
    for (const [server, closed] of this.#watched) server.removeListener('close', closed);
    this.#watched.clear();
  }

  #attach(target: unknown): void {
    if (!isTransportServer(target) || this.#transports.has(target)) return;
    this.#transports.add(target);
    const listen = target.listen.bind(target);
    target.listen = (callback) => {
      this.#listens = true;
      return listen(callback);
    };
    const close = target.close.bind(target);
    target.close = () => {
      this.#closed.add(target);
      return close();
    };
  }

  /** @param isWanted whether your code has closed this server alone, which is not a failure */
  #watch(server: unknown, protocol: string, isWanted: () => boolean): void {
    if (!isNodeServer(server)) return;
    const closed = () => {
      if (isWanted() || this.#isEnding()) return;
      const message = `the ${protocol} server closed, but app.close() was not called: the service can no longer be reached`;
      this.#rejectDied(new SidecarAgentError('runtime_error', message));
    };
    this.#watched.set(server, closed);
    server.once('close', closed);
  }
}

function isTransportServer(target: unknown): target is TransportServer {
  return hasMethods(target, 'listen', 'close');
}

function isNodeServer(server: unknown): server is NodeServer {
  return hasMethods(server, 'once', 'removeListener');
}
