import { type CloseBounds, longestBounds } from './close-bounds.js';
import { hasMethods } from '../support/shape.js';
import type { OpenConnections } from './open-connections.js';

/**
 * The property in which an adapter keeps the bounds of its modules. Each module may come from
 * another copy of the package, so {@link Bounds} is a contract between copies.
 */
const BOUNDS = Symbol.for('nestjs-sidecar-agent:http-close-bounds');

/**
 * Returns `undefined` as long as the service has not started to leave the mesh; then the close is
 * not part of the shutdown, and not limited.
 */
type Bounds = () => CloseBounds | undefined;

/**
 * Wraps the `close` of an adapter so that it ends in time: at the bound, the remaining connections
 * of the HTTP server are cut. Node's own `close` waits for one open event stream, upgraded socket
 * or idle HTTP/2 session forever. If several modules leave, the longest bound counts.
 *
 * @param adapter the HTTP adapter, or that of the WebSocket gateways: Socket.IO closes the HTTP
 *   server that it shares, and waits for it, before Nest closes the HTTP adapter
 */
export function limitHttpClose(adapter: unknown, connections: OpenConnections, bounds: Bounds): void {
  if (!hasMethods(adapter, 'close')) return;
  const known: unknown = Reflect.get(adapter, BOUNDS);
  if (known instanceof Set) {
    known.add(bounds);
    return;
  }
  const all = new Set([bounds]);
  Object.assign(adapter, { [BOUNDS]: all });
  const close = adapter.close.bind(adapter);
  adapter.close = async (...args) => {
    const longest = longestBounds([...all].map((each) => each()));
    if (!longest) return close(...args);
    const cancel = longest.clock.after(Math.max(0, longest.rest), () => connections.cut());
    try {
      const closed = close(...args);
      connections.endSessions();
      return await closed;
    } finally {
      cancel();
    }
  };
}
