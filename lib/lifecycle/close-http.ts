import type { AbstractHttpAdapter } from '@nestjs/core';
import { boundsFromNow, type CloseBounds } from './close-bounds.js';
import { closeConnectionsWhile } from './connection-header.js';
import { finishWork } from './finish-work.js';
import type { LifecycleParts } from './lifecycle-parts.js';
import { limitHttpClose } from './limit-http-close.js';
import { OpenConnections } from './open-connections.js';
import { sayGoingAway } from './web-socket-close.js';

/** The phases from the drain on. */
const DRAINING: ReadonlySet<string> = new Set(['draining', 'deregistering', 'deregistered', 'stopped']);

type HttpCloseParts = Pick<LifecycleParts, 'http' | 'config' | 'status$' | 'calls' | 'settings' | 'logger'>;

/**
 * Prepares the HTTP server of an application, and its WebSocket gateways, for a graceful close. It
 * does so for each protocol: a gRPC service may have an HTTP server beside it, and Nest closes that
 * one first. Call it before the server listens.
 */
export function closeHttpGracefully(
  { http, config, status$, calls, settings, logger }: HttpCloseParts,
  bounds: () => CloseBounds | undefined,
): void {
  const adapter = http.httpAdapter;
  if (!adapter) return;
  const server: unknown = adapter.getHttpServer();
  const connections = new OpenConnections();
  connections.follow(server);
  limitHttpClose(adapter, connections, bounds);
  // The close of a gRPC service waits for its work itself.
  if (settings.protocol === 'http') {
    // Nest closes the servers of messages only after this one.
    const work = calls.exceptMessages;
    finishAfterClose(adapter, bounds, (left) => finishWork(work, left, (line) => logger.log(line)));
  }
  const gateways: unknown = config.getIoAdapter();
  limitHttpClose(gateways, connections, bounds);
  sayGoingAway(gateways, bounds);
  let isDraining = false;
  status$.subscribe(({ phase }) => (isDraining = DRAINING.has(phase)));
  closeConnectionsWhile(server, () => isDraining);
}

function finishAfterClose(
  adapter: AbstractHttpAdapter,
  bounds: () => CloseBounds | undefined,
  finish: (left: CloseBounds) => Promise<void>,
): void {
  const close = adapter.close.bind(adapter);
  adapter.close = async () => {
    const begun = bounds();
    const left = begun && boundsFromNow(begun);
    await close();
    if (left) await finish(left());
  };
}
