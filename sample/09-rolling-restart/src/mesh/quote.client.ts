import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { loadSync, type MethodDefinition } from '@grpc/proto-loader';
import { PROTO } from '../service/grpc.options.js';

/** The time limit of a call, in milliseconds. */
const DEADLINE = 10_000;
const GET = methodOf('acme.quote.v1.QuoteService', 'Get');

/** One connection to one instance. */
export class QuoteClient {
  readonly #client: Client;

  constructor(port: number) {
    this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
      // Both processes are on one host: do not use a proxy from the environment.
      'grpc.enable_http_proxy': 0,
    });
  }

  /** Calls `Get`, and resolves with the name of the status. */
  get(milliseconds: number): Promise<string> {
    return new Promise((resolve) => {
      this.#client.makeUnaryRequest(
        GET.path,
        GET.requestSerialize,
        GET.responseDeserialize,
        { symbol: 'ACME', milliseconds },
        { deadline: Date.now() + DEADLINE },
        (error: ServiceError | null) => resolve(status[error?.code ?? status.OK]),
      );
    });
  }

  /** Calls in flight finish. */
  close(): void {
    // grpc-js writes a call only after this turn, and a close in the same turn would refuse it.
    setImmediate(() => this.#client.close());
  }
}

function methodOf(service: string, name: string): MethodDefinition<object, object> {
  const definition = loadSync(PROTO)[service];
  const method = definition && !('format' in definition) ? definition[name] : undefined;
  if (!method) throw new Error(`${PROTO} has no ${service}/${name}`);
  return method;
}
