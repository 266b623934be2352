import type { EventEmitter } from 'node:events';
import type { ModulesContainer } from '@nestjs/core';
import type { Subscription } from 'rxjs';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { SidecarApp } from './run-options.interface.js';

/** The public methods of Nest's transport servers that are wrapped. */
interface TransportServer {
  listen(callback: (...info: unknown[]) => void): unknown;
  close: () => unknown;
}

/**
 * The servers of an application: whether they have begun to listen, which tells a failed start-up hook from a taken port, and
 * whether one was closed by nobody's wish.
 */
export class AppServers {
  /** Rejects when a server is gone that nobody has asked to close; else it stays pending. */
  readonly died: Promise<never>;
  readonly #app: SidecarApp;
  readonly #isEnding: () => boolean;
  readonly #subscription: Subscription;
  readonly #transports = new Set<TransportServer>();
  readonly #watched = new Map<EventEmitter, () => void>();
  #rejectDied: (failure: SidecarAgentError) => void = () => {};
  readonly #closed = new Set<TransportServer>();
  #listens = false;

  /** @param isEnding whether the application closes, so that its servers may */
  constructor(app: SidecarApp, modules: ModulesContainer, isEnding: () => boolean) {
    this.#app = app;
    this.#isEnding = isEnding;
    this.died = new Promise((_, reject) => (this.#rejectDied = reject));
    // Who waits for it does so later.
    this.died.catch(() => {});
    this.#subscription = modules.getRpcTargetRegistry<unknown>().subscribe((target) => this.#attach(target));
  }

  /** Whether one has begun to listen. */
  get listens(): boolean {
    return this.#listens;
  }

  /** All have started: from now on their end is noticed. */
  watch(): void {
    for (const transport of this.#transports) {
      const isWanted = () => this.#closed.has(transport);
      for (const server of http2ServersOf(transport)) this.#watch(server, 'gRPC', isWanted);
    }
    if ('getHttpServer' in this.#app) {
      const server: unknown = this.#app.getHttpServer();
      if (isEmitter(server)) this.#watch(server, 'HTTP', () => false);
    }
  }

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

  /** @param isWanted whether somebody has closed just this server, which is no fault */
  #watch(server: EventEmitter, what: string, isWanted: () => boolean): void {
    const closed = () => {
      const message = `the ${what} server was closed, and not by app.close(): nobody is served any more`;
      if (isWanted() || this.#isEnding()) return;
      this.#rejectDied(new SidecarAgentError('runtime_error', message));
    };
    this.#watched.set(server, closed);
    server.once('close', closed);
  }
}

/** What listens below a gRPC server: fields that Nest and grpc-js keep to themselves, hence read with care. */
function http2ServersOf(transport: object): readonly EventEmitter[] {
  const grpc: unknown = Reflect.get(transport, 'grpcClient');
  const servers: unknown =
    typeof grpc === 'object' && grpc !== null ? Reflect.get(grpc, 'http2Servers') : undefined;
  return servers instanceof Map ? [...servers.keys()].filter(isEmitter) : [];
}

function isTransportServer(target: unknown): target is TransportServer {
  if (typeof target !== 'object' || target === null) return false;
  return ['listen', 'close'].every((method) => typeof Reflect.get(target, method) === 'function');
}

function isEmitter(value: unknown): value is EventEmitter {
  return typeof value === 'object' && value !== null && 'once' in value && 'removeListener' in value;
}
