import { hasMethods } from '../support/shape.js';
import type { CloseBounds } from './close-bounds.js';

/** The public methods of Nest's HTTP adapter that are used. */
interface HttpAdapter {
  close(): unknown;
  getHttpServer(): unknown;
}

/**
 * Wraps the `close` of an HTTP adapter so that it ends in time: at the bound, the remaining
 * connections are closed. Node's own `close` waits for one open event stream forever.
 *
 * @param bounds returns `undefined` as long as the service has not started to leave the mesh; then
 *   the close is not part of the shutdown, and not limited
 */
export function limitHttpClose(
  adapter: HttpAdapter | undefined,
  bounds: () => CloseBounds | undefined,
): void {
  if (!adapter) return;
  const close = adapter.close.bind(adapter);
  adapter.close = async () => {
    const bound = bounds();
    const server = adapter.getHttpServer();
    // Node's HTTP/2 servers have no such method.
    if (!bound || !hasMethods(server, 'closeAllConnections')) return close();
    const cancel = bound.clock.after(Math.max(0, bound.rest), () => server.closeAllConnections());
    try {
      return await close();
    } finally {
      cancel();
    }
  };
}
