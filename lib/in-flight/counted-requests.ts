import { hasMethods } from '../support/shape.js';
import type { InFlightCalls } from './in-flight-calls.js';

/**
 * Counts the requests of one of Node's HTTP servers (http, https, http2) while they are in flight:
 * from the request until the answer is sent or the connection is closed.
 *
 * @param probePaths the paths of requests that do not count as arrivals
 */
export function countRequests(server: unknown, calls: InFlightCalls, probePaths: readonly string[]): void {
  if (!hasMethods(server, 'on')) return;
  const probes = new Set(probePaths);
  server.on('request', ({ url }: Request, response: Response) => {
    if (!probes.has(pathOf(url))) calls.arrivals.note();
    response.once('close', calls.begin());
  });
}

interface Request {
  readonly url: string;
}

interface Response {
  once(event: 'close', listener: () => void): unknown;
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
