import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A span as OTLP has it in JSON, as far as the tests look at it. */
export interface Span {
  readonly name: string;
  /** 2 for a server, 3 for a client. */
  readonly kind: number;
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** `code` 2 is an error. */
  readonly status: { readonly code: number };
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}

interface TraceBody {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
}

/** Takes what exporters send over HTTP. */
export class Collector {
  readonly #server = createServer((request, response) => {
    void this.#take(request).then(() => response.setHeader('content-type', 'application/json').end('{}'));
  });
  /** The paths of the requests. */
  readonly paths: string[] = [];
  /** The spans that came as JSON to `/v1/traces`. */
  readonly spans: Span[] = [];

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Returns the spans of requests to this path, in the order of their ends. */
  spansTo(path: string): Span[] {
    return this.spans.filter(({ attributes }) =>
      attributes.some(({ key, value }) => key === 'url.path' && value.stringValue === path),
    );
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage): Promise<void> {
    const body = await buffer(request);
    this.paths.push(request.url ?? '');
    if (request.url !== '/v1/traces') return;
    const { resourceSpans } = JSON.parse(body.toString()) as TraceBody;
    this.spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
  }
}
