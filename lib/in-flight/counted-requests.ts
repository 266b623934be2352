import type { InFlightCalls } from './in-flight-calls.js';

/** What Node's HTTP servers have in common, http, https and http2. */
interface RequestSource {
  on(event: 'request', listener: (request: unknown, response: Response) => void): unknown;
}

interface Response {
  once(event: 'close', listener: () => void): unknown;
}

/**
 * Counts the requests of an HTTP server while they are in flight, whatever the framework: from the request to the end of its
 * answer, or of its connection.
 */
export function countRequests(server: unknown, calls: InFlightCalls): void {
  if (!isRequestSource(server)) return;
  server.on('request', (_request, response) => {
    response.once('close', calls.begin());
  });
}

function isRequestSource(server: unknown): server is RequestSource {
  return typeof server === 'object' && server !== null && typeof Reflect.get(server, 'on') === 'function';
}
