import { randomUUID } from 'node:crypto';
import type { AgentCalls } from './agent.calls.js';
import type { AgentHttp, Reply } from './agent.http.js';
import { NothingToJudge } from './check.js';
import { isAccepted } from './reply.js';
import type { ThrowawayService } from './throwaway.service.js';
import type { Dialect, Draft, Json } from './wire-bodies.js';

/** The service of the main sequence of checks, and one for the checks in between. */
export interface ThrowawayPair {
  readonly main: ThrowawayService;
  readonly spare: ThrowawayService;
}

interface DialectSessionContext {
  readonly dialect: Dialect;
  readonly http: AgentHttp;
  readonly calls: AgentCalls;
  readonly stop: AbortSignal;
  readonly services: ThrowawayPair;
}

/** The state that the checks of one dialect share: the instances, as the answers show them. */
export class DialectSession {
  readonly dialect: Dialect;
  readonly http: AgentHttp;
  readonly calls: AgentCalls;
  readonly stop: AbortSignal;
  /** The main service. */
  readonly draft: Draft;
  readonly spare: Draft;
  /** A service that is never registered in this dialect: agents may keep records of others. */
  readonly stranger: Draft;
  /** Whether the agent accepted a register in the other dialect. */
  speaksBoth = false;
  #registered?: Reply;
  #drained?: Reply;
  #isGone = false;

  constructor({ dialect, http, calls, stop, services }: DialectSessionContext) {
    this.dialect = dialect;
    this.http = http;
    this.calls = calls;
    this.stop = stop;
    this.draft = services.main.draft;
    this.spare = services.spare.draft;
    this.stranger = { ...this.spare, name: `${this.spare.name}-x`, instanceId: randomUUID() };
  }

  /**
   * The answer to the register of the main service.
   *
   * @throws {NothingToJudge} if the main service is not registered
   */
  get registered(): Reply {
    if (!this.#registered) throw new NothingToJudge('the service is not registered');
    return this.#registered;
  }

  /** @throws {NothingToJudge} unless the main service is registered */
  requireRegistered(): void {
    void this.registered;
  }

  /** Registers the main service, or replays its register. */
  async register(): Promise<Reply> {
    const reply = await this.calls.register(this.dialect, this.draft);
    if (isAccepted(reply)) {
      this.#registered ??= reply;
      this.#isGone = false;
    }
    return reply;
  }

  /**
   * The answer to the drain of the main service.
   *
   * @throws {NothingToJudge} if the main service does not drain
   */
  get drained(): Reply {
    if (!this.#drained) throw new NothingToJudge('the service does not drain');
    return this.#drained;
  }

  async drain(): Promise<Reply> {
    const reply = await this.calls.drain(this.dialect, this.draft);
    if (isAccepted(reply)) this.#drained = reply;
    return reply;
  }

  async deregister(): Promise<Reply> {
    const reply = await this.calls.deregister(this.dialect, this.draft);
    if (isAccepted(reply)) {
      this.#isGone = this.#registered !== undefined;
      this.#registered = undefined;
      this.#drained = undefined;
    }
    return reply;
  }

  /** @throws {NothingToJudge} unless the main service was registered and deregistered */
  requireGone(): void {
    if (!this.#isGone) throw new NothingToJudge('the service was not deregistered');
  }

  /** Registers the spare service, does something with it, and deregisters it. */
  async withSpare<T>(use: (spare: Draft) => Promise<T>): Promise<T> {
    const { calls, dialect, spare } = this;
    if (!isAccepted(await calls.register(dialect, spare))) {
      throw new NothingToJudge('the service for this check could not be registered');
    }
    try {
      return await use(spare);
    } finally {
      await calls.deregister(dialect, spare);
    }
  }

  /** Sends a register that may be refused. If it is accepted, deregisters it immediately. */
  async tryRegister(draft: Draft, extra?: Json): Promise<Reply> {
    const { calls, dialect } = this;
    const reply = await calls.register(dialect, draft, extra);
    if (isAccepted(reply)) await calls.deregister(dialect, draft);
    return reply;
  }
}
