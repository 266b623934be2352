import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { type AgentHttp, NoAnswerError, type Reply } from './agent.http.js';
import { describe, isAccepted } from './reply.js';
import { type Dialect, type Draft, type Json, wireBodies } from './wire-bodies.js';

/** A call and its answer. */
export interface AnsweredCall {
  readonly path: string;
  readonly body: string;
  readonly reply: Reply;
}

interface Registration {
  readonly dialect: Dialect;
  readonly draft: Draft;
  /** Whether the agent answered 400, which should have had no effect, but may have had one. */
  readonly wasRefused: boolean;
}

/** The three calls. Remembers what may be registered, to deregister it at the end. */
export class AgentCalls {
  readonly #http: AgentHttp;
  readonly #stop: AbortSignal;
  readonly #registrations = new Map<string, Registration>();
  readonly answered: AnsweredCall[] = [];

  /** @param stop prevents new calls; calls that were sent are awaited: they may have an effect */
  constructor(http: AgentHttp, stop: AbortSignal) {
    this.#http = http;
    this.#stop = stop;
  }

  /** @param extra fields to add or replace */
  async register(dialect: Dialect, draft: Draft, extra: Json = {}): Promise<Reply> {
    this.#stop.throwIfAborted();
    const key = keyOf(dialect, draft);
    const before = this.#registrations.get(key);
    // Before the call: the agent may register the instance even if the answer is lost, or a 500.
    this.#registrations.set(key, { dialect, draft, wasRefused: false });
    const body = JSON.stringify({ ...wireBodies[dialect].register(draft), ...extra });
    const reply = await this.post('/register', body);
    if (reply.status === 400) {
      this.#registrations.set(key, { dialect, draft, wasRefused: before?.wasRefused ?? true });
    }
    return reply;
  }

  drain(dialect: Dialect, draft: Draft, gracePeriod = '20s', extra: Json = {}): Promise<Reply> {
    return this.post(
      '/drain',
      JSON.stringify({ ...wireBodies[dialect].drain(draft, gracePeriod), ...extra }),
    );
  }

  async deregister(dialect: Dialect, draft: Draft, extra: Json = {}): Promise<Reply> {
    const body = { ...wireBodies[dialect].deregister(draft), ...extra };
    const reply = await this.post('/deregister', JSON.stringify(body));
    if (isGone(reply)) this.#registrations.delete(keyOf(dialect, draft));
    return reply;
  }

  async post(path: string, body: string): Promise<Reply> {
    this.#stop.throwIfAborted();
    const reply = await this.#http.send('POST', path, body);
    this.answered.push({ path, body, reply });
    return reply;
  }

  /** Registers twice with a keep-alive connection, and returns the second answer. */
  async registerTwice(dialect: Dialect, draft: Draft): Promise<Reply> {
    this.#stop.throwIfAborted();
    const body = JSON.stringify(wireBodies[dialect].register(draft));
    const agent = new (this.#http.isTls ? TlsAgent : Agent)({ keepAlive: true, maxSockets: 1 });
    try {
      await this.#http.send('POST', '/register', body, agent);
      return await this.#http.send('POST', '/register', body, agent);
    } finally {
      agent.destroy();
    }
  }

  /**
   * Deregisters every instance that may still be registered, even after a stop.
   *
   * @returns a text for each instance that could not be deregistered
   */
  async leaveAll(): Promise<readonly string[]> {
    const outcomes = [...this.#registrations.values()].map(async ({ dialect, draft, wasRefused }) => {
      const subject = `"${draft.name}" (port ${draft.port}, ${dialect} dialect)`;
      try {
        const body = JSON.stringify(wireBodies[dialect].deregister(draft));
        const reply = await this.#http.send('POST', '/deregister', body);
        return isGone(reply) || wasRefused ? undefined : `${subject}: ${describe(reply)}`;
      } catch (error) {
        if (!(error instanceof NoAnswerError)) throw error;
        return wasRefused ? undefined : `${subject}: ${error.message}`;
      }
    });
    this.#registrations.clear();
    return (await Promise.all(outcomes)).filter((outcome) => outcome !== undefined);
  }
}

/** Returns whether the agent no longer holds the instance: it answers 400 if it is unknown. */
function isGone(reply: Reply): boolean {
  return reply.status === 400 || isAccepted(reply);
}

function keyOf(dialect: Dialect, draft: Draft): string {
  return JSON.stringify([dialect, wireBodies[dialect].deregister(draft)]);
}
