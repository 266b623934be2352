import type { Client, Dispatcher } from 'undici';
import { AgentConnector } from '../connection/agent-connector.js';
import { addressOf, type AgentEndpoint } from '../connection/agent-endpoint.js';
import { codeOf, explainFailure, isTlsFailure } from '../connection/connection-failure.js';
import { WatchError } from '../../errors/watch.error.js';
import type { Undici } from '../connection/undici-loader.js';
import { confidentialParts, redact } from '../connection/redact.js';
import { boundedText } from '../../support/text/bounded-text.js';

/** How the watch reaches the agent, and the bounds of one stream. */
export interface WatchSettings {
  readonly endpoint: AgentEndpoint;
  /** The bound of the wait for the response headers, in milliseconds. */
  readonly requestTimeout: number;
  /** How long a stream may be silent, in milliseconds. */
  readonly idleTimeout: number;
  /** The most bytes that one event may have. */
  readonly maxEventBytes: number;
}

const IS_IT_THE_AGENT = '; is that the sidecar-agent? check baseUrl and watchUrl';

/** The codes of a connection that the other end closed or reset. */
const CLOSED = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/**
 * One GET of the event stream over a connection of its own, which {@link destroy} ends at any stage, while it is being
 * opened too.
 */
export class WatchResponse {
  readonly #settings: WatchSettings;
  readonly #connector: AgentConnector;
  readonly #client: Client;
  readonly #request: Undici['request'];

  constructor(undici: Undici, settings: WatchSettings) {
    this.#settings = settings;
    this.#request = undici.request;
    this.#connector = new AgentConnector(undici.buildConnector, settings.endpoint);
    this.#client = new undici.Client(settings.endpoint.origin, {
      connect: this.#connector.connect,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /**
   * Sends the request and checks the answer's head.
   *
   * @returns the body's chunks; iterating throws a {@link WatchError} where the stream breaks
   * @throws {WatchError}
   */
  async open(): Promise<AsyncIterator<Uint8Array>> {
    const { endpoint } = this.#settings;
    let response: Dispatcher.ResponseData;
    try {
      response = await this.#request(this.#client, {
        method: 'GET',
        path: endpoint.watchPath,
        headers: { ...endpoint.headers, accept: 'text/event-stream', 'cache-control': 'no-cache' },
      });
    } catch (thrown) {
      const cause = this.#connector.failureAfter(0) ?? thrown;
      const kind = isTlsFailure(cause) ? 'watch_tls' : 'watch_connect';
      throw new WatchError(kind, explainFailure(endpoint, cause), {}, { cause });
    }
    // The connection is ours alone and ends with the client: an error of a body that nobody reads is no news.
    response.body.on('error', () => {});
    refuseUnlessEventStream(response, endpoint);
    return this.#chunks(response.body);
  }

  /** Frees the connection. Nothing is read from it any more. */
  destroy(reason: Error): void {
    this.#connector.destroyPending(reason);
    this.#client.destroy(reason, () => {});
  }

  async *#chunks(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
    try {
      yield* body;
    } catch (cause) {
      throw this.#broken(cause);
    }
    return undefined;
  }

  #broken(cause: unknown): WatchError {
    const address = addressOf(this.#settings.endpoint);
    const code = codeOf(cause);
    const how = CLOSED.has(code) ? 'was closed by the agent' : `broke off (${code || String(cause)})`;
    const message = `the event stream of ${address} ${how}`;
    return new WatchError('watch_stream_closed', message, {}, { cause });
  }
}

function refuseUnlessEventStream(response: Dispatcher.ResponseData, endpoint: AgentEndpoint): void {
  const { statusCode, headers } = response;
  const where = `GET ${endpoint.watchPath} of ${addressOf(endpoint)}`;
  if (statusCode !== 200) {
    const hint = statusCode === 404 ? IS_IT_THE_AGENT : '';
    throw new WatchError('watch_http_status', `${where} answered ${statusCode}${hint}`, { statusCode });
  }
  const clean = (text: string) => boundedText(redact(text, confidentialParts(endpoint.headers)), 128);
  const type = String(headers['content-type'] ?? '');
  if (!/^text\/event-stream\s*(;|$)/i.test(type)) {
    const found = type ? `content type ${clean(type)}` : 'no content type';
    const message = `${where} answered ${found}, not text/event-stream${IS_IT_THE_AGENT}`;
    throw new WatchError('watch_content_type', message, { statusCode });
  }
  const encoding = String(headers['content-encoding'] ?? 'identity');
  if (encoding.toLowerCase() !== 'identity') {
    const message = `${where} answered a stream in the encoding ${clean(encoding)}, which is not read`;
    throw new WatchError('watch_content_type', message, { statusCode });
  }
}
