import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { type AgentHttp, NoAnswerError, type Reply } from './agent.http.js';
import { describe, isAccepted } from './reply.js';
import { type Dialect, type Draft, type Json, wireBodies } from './wire-bodies.js';

/** A call that was answered. */
export interface AnsweredCall {
  readonly path: string;
  readonly body: string;
  readonly reply: Reply;
}

interface Registration {
  readonly dialect: Dialect;
  readonly draft: Draft;
  /** A 400 has no effect, and yet nobody is taken at its word. */
  readonly wasRefused: boolean;
}

/** The three calls. It remembers what may be registered, so that nothing of it stays. */
export class AgentCalls {
  readonly #http: AgentHttp;
  readonly #stop: AbortSignal;
  readonly #registrations = new Map<string, Registration>();
  readonly answered: AnsweredCall[] = [];

  /** @param stop ends every call before it begins; one that has begun is awaited, for it may have its effect yet */
  constructor(http: AgentHttp, stop: AbortSignal) {
    this.#http = http;
    this.#stop = stop;
  }

  /** @param extra more fields, or others */
  async register(dialect: Dialect, draft: Draft, extra: Json = {}): Promise<Reply> {
    this.#stop.throwIfAborted();
    const key = keyOf(dialect, draft);
    const before = this.#registrations.get(key);
    // Before it is sent: an answer that is lost, or a 500, may stand for a register that landed.
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

  /** Registers twice over connections that are kept, and returns the second answer. */
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
   * Deregisters all that may be registered still, a stop or not.
   *
   * @returns what could not be deregistered, in words
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

/** 400 says that the agent knows no such instance. */
function isGone(reply: Reply): boolean {
  return reply.status === 400 || isAccepted(reply);
}

function keyOf(dialect: Dialect, draft: Draft): string {
  return JSON.stringify([dialect, wireBodies[dialect].deregister(draft)]);
}
