import { fileURLToPath } from 'node:url';
import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** Calls the rpcs of a sample like any client. */
export class GrpcCaller {
  readonly #client: Client;
  readonly #service: string;
  readonly #proto: string;

  /** @param proto below the folder of the samples, such as `01-grpc-service/proto/auth.proto` */
  constructor(port: number, service: string, proto: string) {
    this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
      'grpc.enable_http_proxy': 0,
    });
    this.#service = service;
    this.#proto = fileURLToPath(new URL(`../../../sample/${proto}`, import.meta.url));
  }

  call(rpc: string, request: object): Promise<object> {
    const { path, requestSerialize, responseDeserialize } = this.#method(rpc);
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, answer?: object) =>
        error ? reject(error) : resolve(answer ?? {});
      const options = { deadline: Date.now() + 10_000 };
      this.#client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, options, done);
    });
  }

  stream(rpc: string, request: object): AsyncIterable<object> {
    const { path, requestSerialize, responseDeserialize } = this.#method(rpc);
    return this.#client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request);
  }

  close(): void {
    this.#client.close();
  }

  #method(rpc: string) {
    const service = loadSync(this.#proto)[this.#service];
    const method = service && !('format' in service) ? service[rpc] : undefined;
    if (!method) throw new Error(`${this.#proto} has no ${this.#service}/${rpc}`);
    return method;
  }
}
