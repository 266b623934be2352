import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Client,
  type ClientOptions,
  type ClientReadableStream,
  credentials,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { Controller, Module } from '@nestjs/common';
import { GrpcMethod, type GrpcOptions, GrpcStreamMethod } from '@nestjs/microservices';
import { concat, firstValueFrom, from, map, type Observable, of, Subject, take } from 'rxjs';

const protoPath = join(fileURLToPath(new URL('.', import.meta.url)), 'greeter.proto');

/** How many messages `Count("big")` has. */
export const BIG = 500;

/** What the greeter of the tests serves. */
export const GREETER_METHODS = [
  '/acme.greeter.v1.Greeter/Converse',
  '/acme.greeter.v1.Greeter/Count',
  '/acme.greeter.v1.Greeter/Greet',
];

export function greeterGrpcOptions(
  port: number,
  more: Partial<GrpcOptions['options']> = {},
): GrpcOptions['options'] {
  return { package: 'acme.greeter.v1', protoPath, url: `127.0.0.1:${port}`, ...more };
}

interface Named {
  name: string;
}

interface Greeting {
  text: string;
}

/**
 * `Greet("hold")` and every `Count` are answered to the end only when a `Greet("release")` has
 * come: so a test holds calls in flight, and lets them go with a new call. `Count("big")` ends by
 * itself, after far more than a connection holds.
 */
@Controller()
export class GreeterController {
  readonly #released = new Subject<void>();

  @GrpcMethod('Greeter', 'Greet')
  async greet({ name }: Named): Promise<Greeting> {
    if (name === 'hold') await firstValueFrom(this.#released);
    if (name === 'release') this.#released.next();
    return { text: `hello ${name}` };
  }

  @GrpcMethod('Greeter', 'Count')
  count({ name }: Named): Observable<Greeting> {
    if (name === 'big') return from(Array.from({ length: BIG }, () => ({ text: 'x'.repeat(32_768) })));
    const last = this.#released.pipe(
      take(1),
      map(() => ({ text: `${name} 2` })),
    );
    return concat(of({ text: `${name} 1` }), last);
  }

  @GrpcStreamMethod('Greeter', 'Converse')
  converse(requests: Observable<Named>): Observable<Greeting> {
    return requests.pipe(map(({ name }) => ({ text: `hello ${name}` })));
  }
}

@Module({ controllers: [GreeterController] })
export class GreeterModule {}

/**
 * A call in flight: `begun` says that the server is at it, `answer` is all that came when it has
 * ended.
 */
export interface Call {
  readonly begun: Promise<void>;
  readonly answer: Promise<string[]>;
  /** Stops reading, and goes on. */
  pause(): void;
  resume(): void;
}

/** A client of the greeter, over one connection. */
export class GreeterClient {
  readonly #client: Client;
  readonly #service = loadGreeter();

  constructor(port: number, options?: ClientOptions) {
    this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), options);
  }

  greet(name: string): Promise<string> {
    const { path, requestSerialize, responseDeserialize } = this.#method('Greet');
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        (bytes) => responseDeserialize(bytes) as Greeting,
        { name },
        { deadline: Date.now() + 15_000 },
        (error, answer) => (error ? reject(error) : resolve(answer?.text ?? '')),
      );
    });
  }

  count(name: string): Call {
    const { path, requestSerialize, responseDeserialize } = this.#method('Count');
    const stream = this.#client.makeServerStreamRequest(
      path,
      requestSerialize,
      (bytes) => responseDeserialize(bytes) as Greeting,
      { name },
    );
    return callOf(stream);
  }

  /** Says one name, and keeps the conversation open. */
  converse(name: string): Call {
    const { path, requestSerialize, responseDeserialize } = this.#method('Converse');
    const stream = this.#client.makeBidiStreamRequest(
      path,
      requestSerialize,
      (bytes) => responseDeserialize(bytes) as Greeting,
    );
    stream.write({ name });
    return callOf(stream);
  }

  close(): void {
    this.#client.close();
  }

  #method(name: string) {
    const method = this.#service[name];
    if (!method) throw new Error(`the greeter has no rpc ${name}`);
    return method;
  }
}

function callOf(stream: ClientReadableStream<Greeting>): Call {
  const texts: string[] = [];
  const begun = new Promise<void>((resolve) => stream.once('data', () => resolve()));
  const answer = new Promise<string[]>((resolve, reject) => {
    stream.on('data', ({ text }: Greeting) => texts.push(text));
    stream.on('end', () => resolve(texts));
    stream.on('error', reject);
  });
  return { begun, answer, pause: () => void stream.pause(), resume: () => void stream.resume() };
}

function loadGreeter(): ServiceDefinition {
  return loadSync(protoPath)['acme.greeter.v1.Greeter'] as ServiceDefinition;
}
