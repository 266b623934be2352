import { hasMethods } from '../support/shape.js';
import type { InFlightCalls } from './in-flight-calls.js';

/**
 * Counts the requests of one of Node's HTTP servers (http, https, http2) while they are in flight:
 * from the request until the answer is sent or the connection is closed.
 */
export function countRequests(server: unknown, calls: InFlightCalls): void {
  if (!hasMethods(server, 'on')) return;
  server.on('request', (_request: unknown, response: Response) => {
    response.once('close', calls.begin());
  });
}

interface Response {
  once(event: 'close', listener: () => void): unknown;
}
