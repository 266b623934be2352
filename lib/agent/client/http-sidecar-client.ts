import { SidecarApiError } from '../../errors/sidecar-api.error.js';
import type { ServiceNode } from '../../service/service-node.js';
import { type AgentAnswer, readAgentAnswer } from '../protocol/agent-answer.js';
import type { DeregisterRequest, Dialect, DrainRequest } from '../protocol/dialect.js';
import { dialects } from '../protocol/dialects.js';
import type { SidecarClock } from '../../support/timing/sidecar-clock.js';
import type { AgentEndpoint } from '../connection/agent-endpoint.js';
import { AgentPool } from './agent-pool.js';
import { type CallOptions, type SidecarAnswer, SidecarClient } from './sidecar-client.js';

/** How the client reaches the agent and speaks to it. */
export interface ClientSettings {
  readonly endpoint: AgentEndpoint;
  readonly dialect: Dialect | 'auto';
  /** The bound of one call, in milliseconds. */
  readonly requestTimeout: number;
}

type Body = (dialect: Dialect) => Uint8Array;

/** The three calls over HTTP/1.1, in either dialect. */
export class HttpSidecarClient extends SidecarClient {
  readonly #settings: ClientSettings;
  readonly #clock: SidecarClock;
  readonly #encoded = new WeakMap<ServiceNode, Partial<Record<Dialect, Uint8Array>>>();
  #pool?: Promise<AgentPool>;

  constructor(settings: ClientSettings, clock: SidecarClock) {
    super();
    this.#settings = settings;
    this.#clock = clock;
  }

  override register(node: ServiceNode, options?: CallOptions): Promise<SidecarAnswer> {
    return this.#call('/register', (dialect) => this.#encode(node, dialect), options);
  }

  override drain(request: DrainRequest, options?: CallOptions): Promise<SidecarAnswer> {
    return this.#call('/drain', (dialect) => Buffer.from(dialects[dialect].drain(request)), options);
  }

  override deregister(request: DeregisterRequest, options?: CallOptions): Promise<SidecarAnswer> {
    return this.#call(
      '/deregister',
      (dialect) => Buffer.from(dialects[dialect].deregister(request)),
      options,
    );
  }

  override async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await (await pool)?.close();
  }

  async #call(path: string, body: Body, options: CallOptions | undefined): Promise<SidecarAnswer> {
    const { dialect } = this.#settings;
    const known = dialect === 'auto' ? options?.dialect : dialect;
    const end = this.#clock.elapsed() + this.#settings.requestTimeout;
    const first = await this.#exchange(path, body, known ?? 'node', end);
    // An agent of the other dialect refuses without a side effect, and in the other dialect's words.
    const misunderstood = !known && first.statusCode === 400 && first.answer.flatError;
    return judge(path, misunderstood ? await this.#exchange(path, body, 'flat', end) : first);
  }

  async #exchange(path: string, body: Body, dialect: Dialect, end: number): Promise<Exchange> {
    const bytes = body(dialect);
    const { endpoint, requestTimeout } = this.#settings;
    this.#pool ??= AgentPool.open(endpoint, requestTimeout, this.#clock);
    const pool = await this.#pool;
    const rest = Math.max(1, Math.ceil(end - this.#clock.elapsed()));
    const raw = await pool.post(path, bytes, rest, requestTimeout);
    return { dialect, statusCode: raw.statusCode, answer: readAgentAnswer(raw.body) };
  }

  /** Encoded once: a replay sends the very bytes of the first register. */
  #encode(node: ServiceNode, dialect: Dialect): Uint8Array {
    const forms = this.#encoded.get(node) ?? {};
    this.#encoded.set(node, forms);
    return (forms[dialect] ??= Buffer.from(dialects[dialect].register(node)));
  }
}

interface Exchange {
  readonly dialect: Dialect;
  readonly statusCode: number;
  readonly answer: AgentAnswer;
}

function judge(path: string, { dialect, statusCode, answer }: Exchange): SidecarAnswer {
  if (statusCode < 200 || statusCode > 299 || !answer.success) {
    throw new SidecarApiError({
      method: 'POST',
      path,
      statusCode,
      code: answer.code,
      reason: answer.message,
    });
  }
  return {
    dialect,
    statusCode,
    code: answer.code,
    message: answer.message,
    state: answer.state,
    instanceId: answer.instanceId,
    drainDeadline: answer.drainDeadline,
  };
}
