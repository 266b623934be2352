import { once } from 'node:events';
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2';

const HEADERS = {
  ':method': 'POST',
  ':path': '/acme.bench.v1.Bench/Echo',
  'content-type': 'application/grpc',
  te: 'trailers',
};
/** `Words { text: "hello" }` as a gRPC frame. */
const REQUEST = Buffer.from([0, 0, 0, 0, 7, 0x0a, 5, ...Buffer.from('hello')]);

/**
 * Makes concurrent unary calls over plain HTTP/2. A grpc-js client needs as much CPU as the server,
 * and could not keep it busy.
 */
export class GrpcLoad {
  readonly #session: ClientHttp2Session;

  private constructor(session: ClientHttp2Session) {
    this.#session = session;
  }

  static async connect(port: number): Promise<GrpcLoad> {
    const session = connect(`http://127.0.0.1:${port}`);
    await once(session, 'connect');
    return new GrpcLoad(session);
  }

  /** Makes calls for some time, and returns the number of answers. */
  async run(milliseconds: number, concurrency: number): Promise<number> {
    const end = performance.now() + milliseconds;
    let answered = 0;
    const caller = async (): Promise<void> => {
      while (performance.now() < end) {
        await this.#call();
        answered += 1;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, caller));
    return answered;
  }

  close(): void {
    this.#session.destroy();
  }

  #call(): Promise<void> {
    return new Promise((resolve, reject) => {
      const stream = this.#session.request(HEADERS);
      stream.once('trailers', (trailers: IncomingHttpHeaders) => {
        if (trailers['grpc-status'] !== '0')
          reject(new Error(`gRPC status ${String(trailers['grpc-status'])}`));
      });
      stream.once('error', reject);
      stream.once('close', resolve);
      stream.resume();
      stream.end(REQUEST);
    });
  }
}
