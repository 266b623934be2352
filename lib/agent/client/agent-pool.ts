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

/** A call to the agent. It may be repeated without harm. */
export interface AgentCall {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** The path below that of the address, as errors show it. */
  readonly path: string;
  /** The query, with its `?`. */
  readonly query?: string;
  /** JSON; absent if the call has no body. */
  readonly body?: Uint8Array;
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
 * Sends calls over a few kept connections to the agent. It has a pool of its own, so that
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
    // A call that times out while other calls connect cannot close its socket: see send().
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
   * @param signal ends the call at once, and closes its connection
   * @throws {SidecarConnectionError} if there is no complete answer in time
   */
  async send(call: AgentCall, timeout: number, signal?: AbortSignal): Promise<RawAnswer> {
    const deadline = new CallDeadline();
    const end = (error: SidecarConnectionError) => {
      deadline.abort(error);
      // undici does not tell which connecting socket belongs to which call.
      if (this.#calls === 1) this.#connector.destroyPending(error);
    };
    const cancel = afterReading(this.#clock, timeout, () => end(this.#timeoutError(call, timeout, deadline)));
    const onAbort = () => end(this.#abortError(call));
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#calls += 1;
    try {
      if (signal?.aborted) throw this.#abortError(call);
      return await deadline.bound(this.#sendAgainIfClosed(call, deadline));
    } catch (thrown) {
      throw connectionFailure(this.#endpoint, thrown);
    } finally {
      this.#calls -= 1;
      signal?.removeEventListener('abort', onAbort);
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
  async #sendAgainIfClosed(call: AgentCall, signal: CallDeadline): Promise<RawAnswer> {
    for (;;) {
      try {
        return await this.#send(call, signal);
      } catch (thrown) {
        const failure = this.#connector.failureOf(thrown);
        if (!failure?.isReused || signal.aborted) throw failure?.first ?? thrown;
        if (!isClosedByAgent(thrown)) throw thrown;
      }
    }
  }

  async #send(call: AgentCall, signal: CallDeadline): Promise<RawAnswer> {
    const { method, path, query = '', body, headers: ofCall } = call;
    signal.waitsForHeaders = true;
    const headers = await headersOf(this.#endpoint).current();
    signal.waitsForHeaders = false;
    signal.throwIfAborted();
    const response = await this.#request(this.#pool, {
      path: this.#endpoint.basePath + path + query,
      method,
      headers: {
        ...withCallHeaders(headers, ofCall),
        ...(body && { 'content-type': 'application/json' }),
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

  #timeoutError(call: AgentCall, limit: number, { waitsForHeaders }: CallDeadline): SidecarConnectionError {
    const { method, path } = call;
    const times = limit / this.#requestTimeout;
    const late = waitsForHeaders
      ? `cannot call ${agentAt(this.#endpoint)}: headers: the function did not settle within ${limit} ms`
      : `${agentAt(this.#endpoint)} did not answer ${method} ${path} within ${limit} ms`;
    const option = times === 1 ? ' (option requestTimeout)' : ` (${times} times the option requestTimeout)`;
    const message = Number.isInteger(times) ? late + option : late;
    return new SidecarConnectionError(this.#endpoint.origin, 'ETIMEDOUT', message);
  }

  #abortError({ method, path }: AgentCall): SidecarConnectionError {
    const message = `the call ${method} ${path} was ended before ${agentAt(this.#endpoint)} answered`;
    return new SidecarConnectionError(this.#endpoint.origin, 'ABORT_ERR', message);
  }
}
