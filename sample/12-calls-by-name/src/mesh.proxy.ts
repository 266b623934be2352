import { once } from 'node:events';
import {
  type ClientHttp2Session,
  connect,
  createServer,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type ServerHttp2Stream,
} from 'node:http2';

/**
 * A stand-in for the proxy that a host of the mesh has. It leads each call to an instance of the
 * service whose DNS name the call carries as its authority.
 */
export class MeshProxy {
  readonly #server = createServer().on('stream', (stream, headers) => this.#lead(stream, headers));
  readonly #sessions = new Map<number, ClientHttp2Session>();
  readonly #portOf: (authority: string) => number | undefined;

  /** @param portOf returns the port of an instance that serves, if there is one */
  constructor(portOf: (authority: string) => number | undefined) {
    this.#portOf = portOf;
  }

  /** Returns the address that callers dial. */
  async start(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    const address = this.#server.address();
    return `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  stop(): void {
    for (const session of this.#sessions.values()) session.destroy();
    this.#server.close();
  }

  #lead(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const authority = headers[':authority'] ?? '';
    const port = this.#portOf(authority);
    if (port === undefined) {
      const message = `no instance of ${authority} serves`;
      const answer = { 'content-type': 'application/grpc', 'grpc-status': 14, 'grpc-message': message };
      stream.respond(answer, { endStream: true });
      return;
    }
    const call = this.#sessionTo(port).request(headers);
    const cut = () => stream.destroy();
    stream.on('error', () => call.close()).pipe(call);
    call.on('error', cut).on('response', (answer: IncomingHttpHeaders & IncomingHttpStatusHeader) => {
      stream.respond(answer, { waitForTrailers: true });
      call.pipe(stream);
    });
    let trailers: IncomingHttpHeaders = {};
    call.on('trailers', (received: IncomingHttpHeaders) => (trailers = received));
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  }

  #sessionTo(port: number): ClientHttp2Session {
    const open = this.#sessions.get(port);
    if (open && !open.closed && !open.destroyed) return open;
    const session = connect(`http://127.0.0.1:${port}`).on('error', () => session.destroy());
    this.#sessions.set(port, session);
    return session;
  }
}
