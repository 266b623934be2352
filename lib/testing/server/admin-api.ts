import type { AgentAnswer } from './http-answer.js';
import type { LeaveCommand } from '../wire/agent-command.js';
import { spokenDialect } from '../wire/agent-dialect.js';
import type { AgentAction, AgentDialect } from '../wire/agent-dialect.js';
import type { AgentInstance } from '../agent-instance.js';
import type { InstanceRegistry } from './instance-registry.js';
import { RefusedRequestError } from '../wire/refused-request.error.js';
import { WIRE_DIALECTS } from '../wire/wire-dialects.js';
import type { AnswerContext, WireDialect } from '../wire/wire-dialects.js';

/** What the three calls work on. */
export interface AdminApiContext {
  readonly dialect: AgentDialect | 'both';
  readonly registry: InstanceRegistry;
  readonly agentRunId: string;
  readonly now: () => Date;
}

/** A body as it came and as it parsed, `undefined` where it is no JSON. */
export interface AdminBody {
  readonly rawBody: string;
  readonly body: unknown;
}

/** Register, drain and deregister: from a body to an answer, by way of the registry. No I/O. */
export class AdminApi {
  readonly #context: AdminApiContext;

  constructor(context: AdminApiContext) {
    this.#context = context;
  }

  answer(action: AgentAction, given: AdminBody): AgentAnswer {
    const spoken = spokenDialect(action, given.body);
    const dialect = this.#dialectFor(spoken);
    try {
      return dialect.success(action, this.#perform(dialect, action, given), this.#answerContext());
    } catch (error) {
      if (!(error instanceof RefusedRequestError)) throw error;
      const code = error.kind === 'invalid_json' ? 'invalid_json' : `${action}_failed`;
      const message =
        spoken === undefined || spoken === dialect.name
          ? error.message
          : `the body speaks the ${spoken} dialect and this agent the ${dialect.name} one: ${error.message}`;
      return dialect.failure(400, code, message, this.#answerContext());
    }
  }

  /** A failure that has nothing to do with what the registry holds, in the dialect of the body. */
  failure(action: AgentAction, body: unknown, status: number, code: string, message: string): AgentAnswer {
    const dialect = this.#dialectFor(spokenDialect(action, body));
    return dialect.failure(status, code, message, this.#answerContext());
  }

  /** An agent of one dialect judges every body by that; what shows none is answered like a `node` body. */
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
