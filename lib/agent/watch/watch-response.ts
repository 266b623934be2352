import type { Client, Dispatcher } from 'undici';
import { AgentConnector } from '../connection/agent-connector.js';
import { addressOption, agentAt, type AgentEndpoint } from '../connection/agent-endpoint.js';
import { headersOf } from '../connection/agent-headers.js';
import { explainFailure, isClosedByAgent, isTlsFailure } from '../connection/connection-failure.js';
import { WatchError } from '../../errors/watch.error.js';
import { encodingOf } from '../connection/content-encoding.js';
import { codeOf } from '../connection/error-code.js';
import { rebuildError } from '../connection/foreign-error.js';
import { retryAfterOf } from '../protocol/retry-after.js';
import type { SidecarClock } from '../../support/timing/sidecar-clock.js';
import type { Undici } from '../connection/undici-loader.js';
import { boundedText } from '../../support/text/bounded-text.js';
import type { WatchSettings } from './watch-settings.js';

/**
 * One GET of the event stream over a connection of its own. {@link destroy} closes the connection
 * at any stage, while it is connecting too.
 */
export class WatchResponse {
  readonly #settings: WatchSettings;
  readonly #clock: SidecarClock;
  readonly #connector: AgentConnector;
  readonly #client: Client;
  readonly #request: Undici['request'];
  #waitsForHeaders = false;
  #body?: Dispatcher.ResponseData['body'];

  constructor(undici: Undici, settings: WatchSettings, clock: SidecarClock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#request = undici.request;
    this.#connector = new AgentConnector(undici.buildConnector, settings.endpoint);
    this.#client = new undici.Client(settings.endpoint.origin, {
      connect: this.#connector.connect,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Returns whether the request is not sent yet, since your code has not returned its headers. */
  get waitsForHeaders(): boolean {
    return this.#waitsForHeaders;
  }

  /**
   * Sends the request and checks the status and the headers of the answer.
   *
   * @returns the chunks of the body; the iterator throws a {@link WatchError} if the stream breaks
   * @throws {WatchError} if there is no answer, or if it is not an event stream
   */
  async open(): Promise<AsyncIterator<Uint8Array>> {
    const { endpoint } = this.#settings;
    let response: Dispatcher.ResponseData;
    try {
      this.#waitsForHeaders = true;
      const headers = await headersOf(endpoint).current();
      this.#waitsForHeaders = false;
      response = await this.#request(this.#client, {
        method: 'GET',
        path: endpoint.watchPath,
        headers: {
          ...headers,
          accept: 'text/event-stream',
          'cache-control': 'no-cache',
        },
      });
    } catch (thrown) {
      const cause = rebuildError(this.#connector.lastFailure?.first ?? thrown, headersOf(endpoint).redact);
      const kind = isTlsFailure(cause) ? 'watch_tls' : 'watch_connect';
      throw new WatchError(kind, explainFailure(endpoint, cause), {}, { cause });
    }
    // Errors of the body reach the iterator. Without a listener, an error of a body that is not
    // read would be an uncaught exception.
    response.body.on('error', () => {});
    this.#body = response.body;
    throwUnlessEventStream(response, endpoint, this.#clock.now());
    return this.#chunks(response.body);
  }

  /**
   * Closes the connection.
   *
   * @param failure why; absent if the request is to end as aborted and not as failed, which
   *   OpenTelemetry tells by the name of the error
   */
  destroy(failure?: Error): void {
    // At once: a closed connection ends its request only later.
    if (!failure) this.#body?.destroy();
    const reason = failure ?? Object.assign(new Error('the watch has ended'), { name: 'AbortError' });
    this.#connector.destroyPending(reason);
    this.#client.destroy(reason, () => {});
  }

  async *#chunks(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
    try {
      yield* body;
    } catch (thrown) {
      throw this.#brokenError(thrown);
    }
    return undefined;
  }

  #brokenError(thrown: unknown): WatchError {
    const { endpoint } = this.#settings;
    const agent = agentAt(endpoint);
    const cause = rebuildError(thrown, headersOf(endpoint).redact);
    const message = isClosedByAgent(cause)
      ? `${agent} closed the event stream`
      : `the event stream of ${agent} broke (${codeOf(cause) || cause.message})`;
    return new WatchError('watch_stream_closed', message, {}, { cause });
  }
}

function throwUnlessEventStream(
  { statusCode, headers }: Dispatcher.ResponseData,
  endpoint: AgentEndpoint,
  now: number,
): void {
  const answered = `${agentAt(endpoint)} answered GET ${endpoint.watchPath} with`;
  if (statusCode !== 200) {
    const message = `${answered} status ${statusCode}${adviceOn(statusCode, endpoint)}`;
    const retryAfter = retryAfterOf(statusCode, headers, now);
    throw new WatchError('watch_http_status', message, { statusCode, retryAfter });
  }
  const clean = (text: string) => boundedText(headersOf(endpoint).redact(text), 128);
  const type = String(headers['content-type'] ?? '');
  if (!/^text\/event-stream\s*(;|$)/i.test(type)) {
    const found = type ? `content type ${clean(type)}` : 'no content type';
    const message = `${answered} ${found}, expected text/event-stream: check watchUrl and ${addressOption(endpoint)}`;
    throw new WatchError('watch_content_type', message, { statusCode });
  }
  const encoding = encodingOf(headers);
  if (encoding) {
    const message = `${answered} content encoding ${clean(encoding)}, expected none: turn off the compression of the agent`;
    throw new WatchError('watch_content_type', message, { statusCode });
  }
}

function adviceOn(statusCode: number, endpoint: AgentEndpoint): string {
  if (statusCode === 401 || statusCode === 403) return ': check the option headers';
  return statusCode === 404 ? `: check watchUrl and ${addressOption(endpoint)}` : '';
}
