import { type AgentCall, AgentPool, type RawAnswer } from '../agent/client/agent-pool.js';
import type { AgentEndpoint } from '../agent/connection/agent-endpoint.js';
import { headersOf } from '../agent/connection/agent-headers.js';
import { UNKNOWN_SERVICE } from '../agent/protocol/unknown-instance.js';
import { SidecarApiError } from '../errors/sidecar-api.error.js';
import { boundedText } from '../support/text/bounded-text.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';

/** How older versions say with status 500 that they do not hold a service or a check. */
const UNKNOWN = /^Unknown (service|check)|does not have associated TTL/i;

/** The part of the module's options that the calls need. */
export interface ConsulEndpoint {
  readonly endpoint: AgentEndpoint;
  /** The most milliseconds of one call. */
  readonly requestTimeout: number;
}

/** How long a call may take, and what ends it earlier. */
export interface ConsulCallLimits {
  /** In milliseconds; `requestTimeout` if absent. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** Calls the API of a Consul agent. */
export class ConsulAgent {
  readonly #settings: ConsulEndpoint;
  readonly #clock: SidecarClock;
  #pool?: AgentPool;

  constructor(settings: ConsulEndpoint, clock: SidecarClock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /**
   * Makes a call.
   *
   * @throws {SidecarApiError} if Consul refused it, with the code `unknown_service` if Consul does
   *   not hold what the call is about
   * @throws {SidecarConnectionError} if there is no complete answer in time
   */
  async call(call: AgentCall, { timeout, signal }: ConsulCallLimits = {}): Promise<RawAnswer> {
    const { endpoint, requestTimeout } = this.#settings;
    this.#pool ??= new AgentPool(endpoint, requestTimeout, this.#clock);
    const answer = await this.#pool.send(call, timeout ?? requestTimeout, signal);
    const { statusCode, body, retryAfter } = answer;
    if (statusCode >= 200 && statusCode <= 299) return answer;
    const isUnknown = statusCode === 404 || (statusCode === 500 && UNKNOWN.test(body));
    const code = isUnknown ? UNKNOWN_SERVICE : '';
    const { method, path } = call;
    const reason = boundedText(headersOf(endpoint).redact(body)) + adviceOn(statusCode);
    throw new SidecarApiError({ method, path, statusCode, code, reason, retryAfter });
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.close();
  }
}

function adviceOn(statusCode: number): string {
  const isRefused = statusCode === 401 || statusCode === 403;
  return isRefused ? '; check the token: CONSUL_HTTP_TOKEN, or the header x-consul-token' : '';
}
