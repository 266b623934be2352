import type { CloseBounds } from './graceful-close.js';

/** The public method of Nest's HTTP adapter that is wrapped. */
interface HttpAdapter {
  close(): unknown;
  getHttpServer(): unknown;
}

/** What Node's HTTP servers have, http and https; one of http2 has no such method. */
interface ConnectedServer {
  closeAllConnections(): void;
}

/**
 * Bounds the close of an HTTP server. Node's own closes what is idle and waits for the rest, of which one open event stream
 * holds it for ever. So: close as the application asked for, and cut the connections at the bound.
 *
 * @param bounds how long closing may take; `undefined` where the service has not left, for then it is no part of the leave
 */
export function boundHttpClose(
  adapter: HttpAdapter | undefined,
  bounds: () => CloseBounds | undefined,
): void {
  if (!adapter) return;
  const close = adapter.close.bind(adapter);
  adapter.close = async () => {
    const bound = bounds();
    const server = adapter.getHttpServer();
    if (!bound || !isConnectedServer(server)) return close();
    const cancel = bound.clock.after(Math.max(0, bound.rest), () => server.closeAllConnections());
    try {
      return await close();
    } finally {
      cancel();
    }
  };
}

function isConnectedServer(server: unknown): server is ConnectedServer {
  return (
    typeof server === 'object' &&
    server !== null &&
    typeof Reflect.get(server, 'closeAllConnections') === 'function'
  );
}
