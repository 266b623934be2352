import type { Pool } from 'undici';
import { SidecarConnectionError } from '../../errors/sidecar-connection.error.js';
import { afterReading } from '../../support/timing/after-reading.js';
import type { SidecarClock } from '../../support/timing/sidecar-clock.js';
import { AgentConnector } from '../connection/agent-connector.js';
import { addressOf, type AgentEndpoint } from '../connection/agent-endpoint.js';
import { codeOf, connectionFailure } from '../connection/connection-failure.js';
import { loadUndici, type Undici } from '../connection/undici-loader.js';
import { confidentialParts, redact } from '../connection/redact.js';
import { CallDeadline } from './call-deadline.js';

/** The most bytes of an answer that are read. */
const MAX_ANSWER_BYTES = 1_048_576;
/** What a connection that the agent closed while it was idle fails with. */
const STALE = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** An answer as it came: redirects are not followed, nothing is decoded. */
export interface RawAnswer {
  readonly statusCode: number;
  readonly body: string;
}

/**
 * POSTs over a few kept connections to one origin. Proxy variables and global dispatchers have no say here, since the pool
 * is our own.
 */
export class AgentPool {
  readonly #endpoint: AgentEndpoint;
  readonly #clock: SidecarClock;
  readonly #pool: Pool;
  readonly #request: Undici['request'];
  readonly #connector: AgentConnector;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #confidential: readonly string[];
  #calls = 0;

  private constructor(undici: Undici, endpoint: AgentEndpoint, requestTimeout: number, clock: SidecarClock) {
    this.#request = undici.request;
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#headers = {
      ...endpoint.headers,
      'content-type': 'application/json',
      accept: 'application/json',
    };
    this.#confidential = confidentialParts(endpoint.headers);
    // For a connection that its own call has given up while others were being opened beside it.
    this.#connector = new AgentConnector(undici.buildConnector, endpoint, 2 * requestTimeout);
    this.#pool = new undici.Pool(endpoint.origin, {
      connect: this.#connector.connect,
      connections: 4,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: MAX_ANSWER_BYTES,
    });
  }

  /** Loads undici, which takes its time: hence late, and once. */
  static async open(
    endpoint: AgentEndpoint,
    requestTimeout: number,
    clock: SidecarClock,
  ): Promise<AgentPool> {
    return new AgentPool(await loadUndici(), endpoint, requestTimeout, clock);
  }

  /**
   * Sends one call and reads its answer, all within `timeout` milliseconds.
   *
   * @param bound the time limit that this is the rest of, for the error
   *
   * @throws {SidecarConnectionError}
   */
  async post(path: string, body: Uint8Array, timeout: number, bound = timeout): Promise<RawAnswer> {
    const deadline = new CallDeadline();
    const cancel = afterReading(this.#clock, timeout, () => {
      const message = `the sidecar-agent at ${addressOf(this.#endpoint)} did not answer POST ${path} within ${bound} ms`;
      const error = new SidecarConnectionError(this.#endpoint.origin, 'ETIMEDOUT', message);
      deadline.abort(error);
      // undici does not tell which of the connections being opened is whose.
      if (this.#calls === 1) this.#connector.destroyPending(error);
    });
    this.#calls += 1;
    try {
      return await deadline.bound(this.#sendOnFreshConnection(path, body, deadline));
    } catch (thrown) {
      throw connectionFailure(this.#endpoint, thrown);
    } finally {
      this.#calls -= 1;
      cancel();
    }
  }

  /** Ends all connections, those in use too. */
  async close(): Promise<void> {
    this.#connector.destroyPending(
      new SidecarConnectionError(this.#endpoint.origin, '', 'the client was closed'),
    );
    await this.#pool.destroy();
  }

  /**
   * A kept connection may have been closed by the agent at this very moment. The calls are harmless to repeat, so one
   * that met such a connection is sent again, on a new one.
   */
  async #sendOnFreshConnection(path: string, body: Uint8Array, signal: CallDeadline): Promise<RawAnswer> {
    for (;;) {
      const attempts = this.#connector.attempts;
      try {
        return await this.#send(path, body, signal);
      } catch (thrown) {
        const reused = this.#connector.attempts === attempts;
        if (!reused) throw this.#connector.failureAfter(attempts) ?? thrown;
        if (!STALE.has(codeOf(thrown)) || signal.aborted) throw thrown;
      }
    }
  }

  async #send(path: string, body: Uint8Array, signal: CallDeadline): Promise<RawAnswer> {
    const response = await this.#request(this.#pool, {
      path: this.#endpoint.basePath + path,
      method: 'POST',
      headers: this.#headers,
      body,
      signal,
    });
    const { statusCode } = response;
    try {
      return { statusCode, body: redact(await response.body.text(), this.#confidential) };
    } catch (thrown) {
      // A refusal stays one, whatever becomes of its words.
      if (statusCode >= 300 && !signal.aborted) return { statusCode, body: '' };
      throw thrown;
    }
  }
}
