import type { AgentDialect } from '../agent-dialect.js';
import type { AgentInstance } from '../agent-instance.js';
import type { AgentAction, LeaveCommand } from '../wire/agent-command.js';
import type { HttpAnswer } from '../wire/http-answer.js';
import { RefusedRequestError } from '../wire/refused-request.error.js';
import { spokenDialect } from '../wire/spoken-dialect.js';
import { WIRE_DIALECTS } from '../wire/wire-dialects.js';
import type { AnswerContext, WireDialect } from '../wire/wire-dialects.js';
import type { InstanceRegistry } from './instance-registry.js';

/** What {@link AdminApi} works with. */
export interface AdminApiContext {
  readonly dialect: AgentDialect | 'both';
  readonly registry: InstanceRegistry;
  readonly agentRunId: string;
  readonly now: () => Date;
}

/** The body of a call. */
export interface AdminBody {
  readonly rawBody: string;
  /** The body parsed as JSON, `undefined` if it is not JSON. */
  readonly body: unknown;
}

/** Performs register, drain and deregister on the registry: takes a body, returns an answer. */
export class AdminApi {
  readonly #context: AdminApiContext;

  constructor(context: AdminApiContext) {
    this.#context = context;
  }

  answer(action: AgentAction, given: AdminBody): HttpAnswer {
    const spoken = spokenDialect(action, given.body);
    const dialect = this.#dialectFor(spoken);
    try {
      const instance = this.#perform(dialect, action, given);
      return { ...dialect.success(action, instance, this.#answerContext()), instance };
    } catch (error) {
      if (!(error instanceof RefusedRequestError)) throw error;
      const code = error.kind === 'invalid_json' ? 'invalid_json' : `${action}_failed`;
      const isOther = spoken !== undefined && spoken !== dialect.name;
      const message = !isOther
        ? error.message
        : `the body speaks the ${spoken} dialect and this agent the ${dialect.name} one: ${error.message}`;
      const status = error.kind === 'registry_full' ? 503 : 400;
      const answer = dialect.failure(status, code, message, this.#answerContext());
      return { ...answer, refusedBecause: isOther ? 'other_dialect' : error.kind };
    }
  }

  /** Builds the answer to a failure outside of the registry, in the dialect of the body. */
  failure(action: AgentAction, body: unknown, status: number, code: string, message: string): HttpAnswer {
    const dialect = this.#dialectFor(spokenDialect(action, body));
    return dialect.failure(status, code, message, this.#answerContext());
  }

  /**
   * Returns the dialect that reads a body: that of the agent if it understands only one, otherwise
   * that of the body, `node` if the body shows none.
   */
  #dialectFor(spoken: AgentDialect | undefined): WireDialect {
    const { dialect } = this.#context;
    return WIRE_DIALECTS[dialect === 'both' ? (spoken ?? 'node') : dialect];
  }

  #perform(dialect: WireDialect, action: AgentAction, { rawBody, body }: AdminBody): AgentInstance {
    const { registry } = this.#context;
    switch (action) {
      case 'register':
        return registry.register(dialect.parseRegister(body, rawBody));
      case 'drain': {
        const command = dialect.parseDrain(body);
        return held(registry.drain(command), command);
      }
      case 'deregister': {
        const command = dialect.parseDeregister(body);
        return held(registry.deregister(command.identity), command);
      }
    }
  }

  #answerContext(): AnswerContext {
    return { at: this.#context.now(), agentRunId: this.#context.agentRunId };
  }
}

function held(instance: AgentInstance | undefined, { subject }: LeaveCommand): AgentInstance {
  if (instance !== undefined) return instance;
  throw new RefusedRequestError('unknown_instance', [`local service not found: ${subject}`]);
}
