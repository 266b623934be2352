import {
  type ClientReadableStream,
  credentials,
  loadPackageDefinition,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoPath } from 'grpc-health-check';

interface HealthAnswer {
  readonly status: string;
}

type Done<T> = (error: ServiceError | null, answer: T) => void;

/** The methods that grpc-js makes of the proto. */
interface HealthStub {
  check(request: { service: string }, options: object, done: Done<HealthAnswer>): void;
  list(request: object, options: object, done: Done<{ statuses: Record<string, HealthAnswer> }>): void;
  watch(request: { service: string }): ClientReadableStream<HealthAnswer>;
  close(): void;
}

/** A watch of the health, with all that came of it so far. */
export interface HealthWatch {
  readonly statuses: string[];
  /** The status code with which the server ended it; `undefined` while it is open. */
  readonly code: () => number | undefined;
  cancel(): void;
}

/** The client of `grpc.health.v1` that grpc-js makes of the official proto. */
export class HealthClient {
  readonly #stub: HealthStub;

  constructor(port: number) {
    const loaded = loadPackageDefinition(loadSync(protoPath, { enums: String, defaults: true }));
    const { Health } = (loaded as { grpc: { health: { v1: { Health: ServiceClientConstructor } } } }).grpc
      .health.v1;
    this.#stub = new Health(`127.0.0.1:${port}`, credentials.createInsecure()) as unknown as HealthStub;
  }

  /** The status of a service, or the code of the error. */
  check(service = ''): Promise<string | number> {
    return new Promise((resolve) => {
      this.#stub.check({ service }, deadline(), (error, answer) => resolve(error?.code ?? answer.status));
    });
  }

  /** The statuses of all services by name. */
  list(): Promise<Record<string, string>> {
    return new Promise((resolve, reject) => {
      this.#stub.list({}, deadline(), (error, answer) => {
        if (error) return reject(error);
        const statuses = Object.entries(answer.statuses).map(([name, { status }]) => [name, status] as const);
        resolve(Object.fromEntries(statuses));
      });
    });
  }

  watch(service = ''): HealthWatch {
    const statuses: string[] = [];
    let code: number | undefined;
    const stream = this.#stub.watch({ service });
    stream.on('data', ({ status }: HealthAnswer) => statuses.push(status));
    stream.on('error', (error: ServiceError) => (code ??= error.code));
    stream.on('end', () => (code ??= 0));
    return { statuses, code: () => code, cancel: () => stream.cancel() };
  }

  close(): void {
    this.#stub.close();
  }
}

const deadline = () => ({ deadline: Date.now() + 10_000 });
