import { setTimeout as delay } from 'node:timers/promises';
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { loadSync, type MethodDefinition } from '@grpc/proto-loader';
import { PROTO } from './service/grpc.options.js';

interface Tick {
  readonly number: number;
  readonly instance: string;
}

/** A tick, and when it came, as `performance.now()`. */
export interface Received extends Tick {
  readonly at: number;
}

/** The wait before the next try, in milliseconds. */
const BACKOFF = 20;
const FOLLOW = methodOf('acme.ticker.v1.TickerService', 'Follow');

/**
 * Follows the ticks as a client should: if a stream ends with UNAVAILABLE, it goes on with the next
 * instance, from the first number that it does not have.
 */
export class Follower {
  readonly received: Received[] = [];
  readonly #ports: () => readonly number[];
  readonly #stop = new AbortController();
  #turn = 0;

  /** @param ports returns the ports of the instances that serve, as a router knows them */
  constructor(ports: () => readonly number[]) {
    this.#ports = ports;
  }

  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const ports = this.#ports();
      const port = ports[this.#turn++ % ports.length];
      const code = port === undefined ? status.UNAVAILABLE : await this.#followOnce(port);
      if (this.#stop.signal.aborted) return;
      if (code !== status.UNAVAILABLE) throw new Error(`the stream ended with ${status[code]}`);
      await delay(BACKOFF);
    }
  }

  /** Waits until this instance has sent so many ticks. */
  async has(count: number, instance: (id: string) => boolean): Promise<void> {
    while (this.received.filter((tick) => instance(tick.instance)).length < count) await delay(BACKOFF);
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Follows one instance; resolves with the status that ended the stream. */
  #followOnce(port: number): Promise<status> {
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
      // Both processes are on one host: do not use a proxy from the environment.
      'grpc.enable_http_proxy': 0,
    });
    const from = (this.received.at(-1)?.number ?? -1) + 1;
    const stream = client.makeServerStreamRequest(
      FOLLOW.path,
      FOLLOW.requestSerialize,
      FOLLOW.responseDeserialize,
      { from },
    );
    const cancel = () => stream.cancel();
    this.#stop.signal.addEventListener('abort', cancel, { once: true });
    stream.on('data', (tick: Tick) => this.received.push({ ...tick, at: performance.now() }));
    return new Promise<status>((resolve) => {
      stream.on('end', () => resolve(status.OK));
      stream.on('error', ({ code }: ServiceError) => resolve(code));
    }).finally(() => {
      this.#stop.signal.removeEventListener('abort', cancel);
      client.close();
    });
  }
}

function methodOf(service: string, name: string): MethodDefinition<object, object> {
  const definition = loadSync(PROTO)[service];
  const method = definition && !('format' in definition) ? definition[name] : undefined;
  if (!method) throw new Error(`${PROTO} has no ${service}/${name}`);
  return method;
}
