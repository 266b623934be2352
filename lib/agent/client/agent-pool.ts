import type { Pool } from 'undici';
import { SidecarConnectionError } from '../../errors/sidecar-connection.error.js';
import { afterReading } from '../../support/timing/after-reading.js';
import type { SidecarClock } from '../../support/timing/sidecar-clock.js';
import { AgentConnector } from '../connection/agent-connector.js';
import { agentAt, type AgentEndpoint, type HeaderValues } from '../connection/agent-endpoint.js';
import { headersOf } from '../connection/agent-headers.js';
import { withCallHeaders } from '../connection/call-headers.js';
import { connectionFailure, isClosedByAgent } from '../connection/connection-failure.js';
import { encodingOf } from '../connection/content-encoding.js';
import { loadUndici, type Undici } from '../connection/undici-loader.js';
import { retryAfterOf } from '../protocol/retry-after.js';
import { CallDeadline } from './call-deadline.js';

/** The most bytes that an answer may have. */
const MAX_ANSWER_BYTES = 1_048_576;

/** What is posted to the agent. */
export interface AgentPost {
  readonly path: string;
  readonly body: Uint8Array;
  /** Headers of this call alone. */
  readonly headers?: HeaderValues;
}

/** An answer before it is read. Redirects are not followed and the body is not decompressed. */
export interface RawAnswer {
  readonly statusCode: number;
  readonly body: string;
  /** How the body is encoded, such as `gzip`, if it is: it cannot be read then, and is left out. */
  readonly encoding?: string;
  /** The milliseconds that the agent asks to wait before the next try, if it does. */
  readonly retryAfter?: number;
}

/**
 * Sends POST requests over a few kept connections to the agent. It has a pool of its own, so that
 * proxy variables of the environment and global dispatchers of the process have no effect.
 */
export class AgentPool {
  readonly #endpoint: AgentEndpoint;
  readonly #requestTimeout: number;
  readonly #clock: SidecarClock;
  readonly #pool: Pool;
  readonly #request: Undici['request'];
  readonly #connector: AgentConnector;
  #calls = 0;

  /** Loads undici and opens a pool. */
  constructor(endpoint: AgentEndpoint, requestTimeout: number, clock: SidecarClock) {
    const undici = loadUndici();
    this.#request = undici.request;
    this.#endpoint = endpoint;
    this.#requestTimeout = requestTimeout;
    this.#clock = clock;
    // A call that times out while other calls connect cannot close its socket: see post().
    this.#connector = new AgentConnector(undici.buildConnector, endpoint, 2 * requestTimeout);
    this.#pool = new undici.Pool(endpoint.origin, {
      connect: this.#connector.connect,
      connections: 4,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: MAX_ANSWER_BYTES,
    });
  }

  /**
   * Sends one call and reads its answer, all within `timeout` milliseconds.
   *
   * @throws {SidecarConnectionError} if there is no complete answer in time
   */
  async post(post: AgentPost, timeout: number): Promise<RawAnswer> {
    const deadline = new CallDeadline();
    const cancel = afterReading(this.#clock, timeout, () => {
      const error = this.#timeoutError(post.path, timeout, deadline);
      deadline.abort(error);
      // undici does not tell which connecting socket belongs to which call.
      if (this.#calls === 1) this.#connector.destroyPending(error);
    });
    this.#calls += 1;
    try {
      return await deadline.bound(this.#sendAgainIfClosed(post, deadline));
    } catch (thrown) {
      throw connectionFailure(this.#endpoint, thrown);
    } finally {
      this.#calls -= 1;
      cancel();
    }
  }

  /** Closes all connections, those in use included. */
  async close(): Promise<void> {
    this.#connector.destroyPending(
      new SidecarConnectionError(
        this.#endpoint.origin,
        '',
        'the client was closed before the agent answered',
      ),
    );
    await this.#pool.destroy();
  }

  /**
   * Sends a call, and sends it again if the agent closed the kept connection meanwhile: the agent
   * may close an idle connection at any time. All calls may be repeated without harm.
   */
  async #sendAgainIfClosed(post: AgentPost, signal: CallDeadline): Promise<RawAnswer> {
    for (;;) {
      try {
        return await this.#send(post, signal);
      } catch (thrown) {
        const failure = this.#connector.failureOf(thrown);
        if (!failure?.isReused || signal.aborted) throw failure?.first ?? thrown;
        if (!isClosedByAgent(thrown)) throw thrown;
      }
    }
  }

  async #send({ path, body, headers: ofCall }: AgentPost, signal: CallDeadline): Promise<RawAnswer> {
    signal.waitsForHeaders = true;
    const headers = await headersOf(this.#endpoint).current();
    signal.waitsForHeaders = false;
    signal.throwIfAborted();
    const response = await this.#request(this.#pool, {
      path: this.#endpoint.basePath + path,
      method: 'POST',
      headers: {
        ...withCallHeaders(headers, ofCall),
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body,
      signal,
    });
    const { statusCode } = response;
    const encoding = encodingOf(response.headers);
    const retryAfter = retryAfterOf(statusCode, response.headers, this.#clock.now());
    try {
      const body = await response.body.text();
      return { statusCode, body: encoding ? '' : body, encoding, retryAfter };
    } catch (thrown) {
      // The status alone tells that the agent refused the call.
      if (statusCode >= 300 && !signal.aborted) return { statusCode, body: '', retryAfter };
      throw thrown;
    }
  }

  #timeoutError(path: string, limit: number, { waitsForHeaders }: CallDeadline): SidecarConnectionError {
    const times = limit / this.#requestTimeout;
    const late = waitsForHeaders
      ? `cannot call ${agentAt(this.#endpoint)}: headers: the function did not settle within ${limit} ms`
      : `${agentAt(this.#endpoint)} did not answer POST ${path} within ${limit} ms`;
    const message =
      times === 1 ? `${late} (option requestTimeout)` : `${late} (${times} times the option requestTimeout)`;
    return new SidecarConnectionError(this.#endpoint.origin, 'ETIMEDOUT', message);
  }
}
