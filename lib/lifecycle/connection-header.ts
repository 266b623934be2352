import { hasMethods } from '../support/shape.js';

/** Node's response, of which `writeHead` writes every head, an implicit one included. */
interface Response {
  headersSent: boolean;
  writeHead(...head: unknown[]): unknown;
  setHeader(name: string, value: string): unknown;
}

/**
 * Adds `Connection: close` to every answer of one of Node's HTTP servers while `isDraining` returns
 * true, so that clients open their next connection elsewhere. HTTP/2 has no such header.
 *
 * It is decided when the head is written, not when the request arrives: a request may be in flight
 * when the drain begins.
 */
export function closeConnectionsWhile(server: unknown, isDraining: () => boolean): void {
  if (!hasMethods(server, 'prependListener')) return;
  server.prependListener('request', (request: { httpVersionMajor: number }, response: Response) => {
    if (request.httpVersionMajor > 1) return;
    const writeHead = response.writeHead.bind(response);
    response.writeHead = (...head) => {
      if (isDraining() && !response.headersSent) response.setHeader('Connection', 'close');
      return writeHead(...head);
    };
  });
}
