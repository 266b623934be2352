import { hasMethods, propertyOf } from '../support/shape.js';
import { settledWithin } from '../support/timing/settled-within.js';
import type { CloseBounds } from './close-bounds.js';

/** "Going away", by which a client knows that it may connect again. */
const GOING_AWAY = 1001;

/** How long clients may take to answer, in milliseconds. */
const FAREWELL = 1_000;

/** The mark of an adapter whose `close` is wrapped, by any copy of the package. */
const WRAPPED = Symbol.for('nestjs-sidecar-agent:web-sockets');

/** A client of the package `ws`. */
interface WebSocketClient {
  once(event: 'close', listener: () => void): unknown;
  close(code: number, reason: string): unknown;
}

/**
 * Wraps the `close` of Nest's WebSocket adapter so that clients of a `ws` server are closed with
 * 1001. Nest's adapter for `ws` cuts them, which they see as 1006. Socket.IO tells its clients
 * itself.
 *
 * @param bounds returns `undefined` as long as the service has not started to leave the mesh
 */
export function sayGoingAway(adapter: unknown, bounds: () => CloseBounds | undefined): void {
  if (!hasMethods(adapter, 'close') || Reflect.get(adapter, WRAPPED) === true) return;
  const close = adapter.close.bind(adapter);
  Object.assign(adapter, { [WRAPPED]: true });
  adapter.close = async (server: unknown) => {
    const bound = bounds();
    if (bound) {
      const clients = clientsOf(server);
      const closed = Promise.all(clients.map(goneAway));
      await settledWithin(bound.clock, Math.min(FAREWELL, bound.rest), closed);
    }
    return close(server);
  };
}

function clientsOf(server: unknown): WebSocketClient[] {
  const clients = propertyOf(server, 'clients');
  const all: unknown[] = clients instanceof Set ? [...clients] : [];
  return all.filter((client): client is WebSocketClient => hasMethods(client, 'once', 'close'));
}

function goneAway(client: WebSocketClient): Promise<void> {
  return new Promise((resolve) => {
    client.once('close', () => resolve());
    client.close(GOING_AWAY, 'the server is shutting down');
  });
}
