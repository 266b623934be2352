import { type AgentCall, AgentPool, type RawAnswer } from '../agent/client/agent-pool.js';
import type { CallOptions } from '../agent/client/sidecar-client.js';
import { agentAt, type AgentEndpoint, refusalAdvice } from '../agent/connection/agent-endpoint.js';
import { headersOf } from '../agent/connection/agent-headers.js';
import { UNKNOWN_SERVICE } from '../agent/protocol/unknown-instance.js';
import { SidecarApiError } from '../errors/sidecar-api.error.js';
import { WatchError } from '../errors/watch.error.js';
import { parseJson } from '../support/json/parse-json.js';
import { propertyOf } from '../support/shape.js';
import { boundedText } from '../support/text/bounded-text.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { type ConsulDefinition, ttlCheckId } from './consul-service.js';

/** How older versions say with status 500 that they do not hold a service or a check. */
const UNKNOWN = /^Unknown (service|check)|does not have associated TTL/i;

/** What the hash of a content looks like: it becomes part of a query. */
const HASH = /^[\w-]{1,64}$/;

/** The id of a service that no agent has: it answers at once that it does not. */
const NO_SERVICE = 'nestjs-sidecar-agent:none';

/** What operators see at an instance that is drained. */
const REASON = 'drained by nestjs-sidecar-agent';

/** The part of the module's options that the calls need. */
export interface ConsulEndpoint {
  readonly endpoint: AgentEndpoint;
  /** The most milliseconds of one call. */
  readonly requestTimeout: number;
}

/** The limits of a call: `requestTimeout` unless it says otherwise. */
type Limits = Pick<CallOptions, 'timeout' | 'headers'> & { readonly signal?: AbortSignal };

/**
 * Calls the API of a Consul agent. Each call throws a `SidecarConnectionError` if there is no
 * complete answer in time, and a `SidecarApiError` if Consul refuses it: with the code
 * `unknown_service` if Consul does not hold what the call is about.
 */
export class ConsulAgent {
  readonly #settings: ConsulEndpoint;
  readonly #clock: SidecarClock;
  #pool?: AgentPool;

  constructor(settings: ConsulEndpoint, clock: SidecarClock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /** The most milliseconds of a call that says nothing else. */
  get requestTimeout(): number {
    return this.#settings.requestTimeout;
  }

  /** @param isReplaced whether Consul drops the checks and the maintenance mode of the id */
  async register(definition: ConsulDefinition, isReplaced: boolean, limits?: Limits): Promise<void> {
    const query = isReplaced ? '?replace-existing-checks=true' : '';
    const body = Buffer.from(JSON.stringify(definition));
    await this.#call({ method: 'PUT', path: '/v1/agent/service/register', query, body }, limits);
  }

  /** Refreshes the TTL of an instance. */
  async pass(id: string, limits?: Limits): Promise<void> {
    await this.#call(
      { method: 'PUT', path: `/v1/agent/check/pass/${encodeURIComponent(ttlCheckId(id))}` },
      limits,
    );
  }

  /** Switches the maintenance mode of an instance on. */
  async drain(id: string, limits?: Limits): Promise<void> {
    const path = `/v1/agent/service/maintenance/${encodeURIComponent(id)}`;
    await this.#call(
      { method: 'PUT', path, query: `?enable=true&reason=${encodeURIComponent(REASON)}` },
      limits,
    );
  }

  async deregister(id: string, limits?: Limits): Promise<void> {
    await this.#call(
      { method: 'PUT', path: `/v1/agent/service/deregister/${encodeURIComponent(id)}` },
      limits,
    );
  }

  /**
   * Waits until the content of an instance has another hash than `hash`, but not longer than `wait`
   * milliseconds. Returns its hash.
   */
  async poll(id: string, hash: string, wait: number, signal: AbortSignal): Promise<string> {
    const { endpoint, requestTimeout } = this.#settings;
    const path = `/v1/agent/service/${encodeURIComponent(id)}`;
    const query = `?hash=${hash}&wait=${wait}ms`;
    // Consul adds up to a sixteenth to the wait.
    const timeout = Math.ceil((wait * 17) / 16) + requestTimeout;
    const { body } = await this.#call({ method: 'GET', path, query }, { timeout, signal });
    const found = propertyOf(parseJson(body), 'ContentHash');
    if (typeof found === 'string' && HASH.test(found)) return found;
    const message = `${agentAt(endpoint)} answered GET ${endpoint.basePath}${path} without a ContentHash`;
    throw new WatchError('watch_content_type', `${message}: it must be a Consul agent, without compression`);
  }

  /** Returns whether the agent itself answers, with a refusal as well. That needs no server. */
  async isThere(limits: Limits): Promise<boolean> {
    try {
      await this.#call({ method: 'GET', path: `/v1/agent/service/${NO_SERVICE}` }, limits);
      return true;
    } catch (thrown) {
      return thrown instanceof SidecarApiError;
    }
  }

  /** Returns whether there is a leader. That needs no permission. */
  async hasLeader(limits: Limits): Promise<boolean> {
    const { body } = await this.#call({ method: 'GET', path: '/v1/status/leader' }, limits);
    return Boolean(parseJson(body));
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.close();
  }

  async #call(call: AgentCall, { timeout, headers, signal }: Limits = {}): Promise<RawAnswer> {
    const { endpoint, requestTimeout } = this.#settings;
    this.#pool ??= new AgentPool(endpoint, requestTimeout, this.#clock);
    const answer = await this.#pool.send({ ...call, headers }, timeout ?? requestTimeout, signal);
    const { statusCode, body, retryAfter } = answer;
    if (statusCode >= 200 && statusCode <= 299) return answer;
    const isUnknown = statusCode === 404 || (statusCode === 500 && UNKNOWN.test(body));
    const reason = boundedText(headersOf(endpoint).redact(body));
    const failure = {
      method: call.method,
      path: endpoint.basePath + call.path,
      statusCode,
      code: isUnknown ? UNKNOWN_SERVICE : '',
      reason,
      retryAfter,
    };
    throw new SidecarApiError(failure, refusalAdvice(endpoint, statusCode, reason));
  }
}
