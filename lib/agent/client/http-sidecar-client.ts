import { SidecarApiError } from '../../errors/sidecar-api.error.js';
import type { ServiceNode } from '../../service/service-node.js';
import { type AgentAnswer, readAgentAnswer, unreadableAnswer } from '../protocol/agent-answer.js';
import type { DeregisterRequest, Dialect, DrainRequest } from '../protocol/dialect.js';
import { dialects } from '../protocol/dialects.js';
import { isUnknownInstance } from '../protocol/unknown-instance.js';
import { holdProcessDuring } from '../../support/timing/hold-process.js';
import type { SidecarClock } from '../../support/timing/sidecar-clock.js';
import type { AgentEndpoint } from '../connection/agent-endpoint.js';
import { headersOf } from '../connection/agent-headers.js';
import { type AgentCall, AgentPool } from './agent-pool.js';
import { type CallOptions, type SidecarAnswer, SidecarClient } from './sidecar-client.js';

/** The part of the module's options that the client needs. */
export interface ClientSettings {
  readonly endpoint: AgentEndpoint;
  readonly dialect: Dialect | 'auto';
  /** The most milliseconds of one exchange; a call that tries both dialects has two. */
  readonly requestTimeout: number;
}

/** Writes the body of a call. */
type EncodeBody = (dialect: Dialect) => Uint8Array;

/** One request and its answer, whether the agent accepted or refused it. */
interface Exchange {
  readonly dialect: Dialect;
  readonly statusCode: number;
  readonly answer: AgentAnswer;
  readonly retryAfter?: number;
}

/**
 * Sends the three calls over HTTP/1.1, in either dialect. A drain and a deregister keep the process
 * alive until they are answered, a register does not.
 */
export class HttpSidecarClient extends SidecarClient {
  readonly #settings: ClientSettings;
  readonly #clock: SidecarClock;
  readonly #encoded = new WeakMap<ServiceNode, Partial<Record<Dialect, Uint8Array>>>();
  #pool?: AgentPool;
  /** What the agent spoke last, if the option leaves it open. It outlives calls that fail. */
  #learned?: Dialect;

  constructor(settings: ClientSettings, clock: SidecarClock) {
    super();
    this.#settings = settings;
    this.#clock = clock;
  }

  override register(node: ServiceNode, options?: CallOptions): Promise<SidecarAnswer> {
    return this.#call('/register', (dialect) => this.#encode(node, dialect), options);
  }

  override drain(request: DrainRequest, options?: CallOptions): Promise<SidecarAnswer> {
    const encode: EncodeBody = (dialect) => Buffer.from(dialects[dialect].drain(request));
    return holdProcessDuring(this.#call('/drain', encode, options));
  }

  override deregister(request: DeregisterRequest, options?: CallOptions): Promise<SidecarAnswer> {
    const encode: EncodeBody = (dialect) => Buffer.from(dialects[dialect].deregister(request));
    return holdProcessDuring(this.#call('/deregister', encode, options));
  }

  override async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.close();
  }

  async #call(
    path: string,
    encodeBody: EncodeBody,
    options: CallOptions | undefined,
  ): Promise<SidecarAnswer> {
    const { dialect, requestTimeout } = this.#settings;
    const { timeout: limit = requestTimeout, headers } = options ?? {};
    const exchange = (as: Dialect) =>
      this.#exchange({ method: 'POST', path, body: encodeBody(as), headers }, as, limit);
    if (dialect !== 'auto') return answerOf(path, await exchange(dialect));
    // Even if the caller knows it: another agent may have taken the place of the one that spoke it.
    const tried = options?.dialect ?? this.#learned ?? 'node';
    const first = await exchange(tried);
    const spoken = dialectOfRefusal(first) ?? tried;
    this.#learned = spoken;
    // The agent speaks the other dialect. The call that it refused had no effect.
    const isOther = spoken !== tried && !hasRead(path, first);
    return answerOf(path, isOther ? await exchange(spoken) : first);
  }

  async #exchange(call: AgentCall, dialect: Dialect, limit: number): Promise<Exchange> {
    const { endpoint, requestTimeout } = this.#settings;
    this.#pool ??= new AgentPool(endpoint, requestTimeout, this.#clock);
    const raw = await this.#pool.send(call, limit);
    const { redact } = headersOf(endpoint);
    const answer = raw.encoding ? unreadableAnswer(redact(raw.encoding)) : readAgentAnswer(raw.body, redact);
    const { statusCode, retryAfter } = raw;
    return { dialect, statusCode, answer, retryAfter };
  }

  /** Encodes a node once, so that a replay sends the same bytes as the first register. */
  #encode(node: ServiceNode, dialect: Dialect): Uint8Array {
    const forms = this.#encoded.get(node) ?? {};
    this.#encoded.set(node, forms);
    return (forms[dialect] ??= Buffer.from(dialects[dialect].register(node)));
  }
}

/** Returns the dialect whose shape a refusal has, if it has one of the two. */
function dialectOfRefusal({ statusCode, answer }: Exchange): Dialect | undefined {
  if (statusCode !== 400) return undefined;
  if (answer.flatError) return 'flat';
  return answer.code === '' ? undefined : 'node';
}

/** Returns whether the agent has read the call that it refused: it has looked for the instance. */
function hasRead(path: string, exchange: Exchange): boolean {
  const refusal = refusalOf(path, exchange);
  return refusal !== undefined && isUnknownInstance(refusal);
}

/** @throws {SidecarApiError} if the agent refused the call */
function answerOf(path: string, exchange: Exchange): SidecarAnswer {
  const refusal = refusalOf(path, exchange);
  if (refusal) throw refusal;
  const { code, message, state, instanceId, drainDeadline } = exchange.answer;
  const { dialect, statusCode } = exchange;
  return { dialect, statusCode, code, message, state, instanceId, drainDeadline };
}

function refusalOf(path: string, { statusCode, answer, retryAfter }: Exchange): SidecarApiError | undefined {
  if (statusCode >= 200 && statusCode <= 299 && answer.success) return undefined;
  const { code, message: reason } = answer;
  return new SidecarApiError({ method: 'POST', path, statusCode, code, reason, retryAfter });
}
