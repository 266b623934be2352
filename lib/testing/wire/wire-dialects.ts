import type { AgentAnswer } from '../server/http-answer.js';
import type { DrainCommand, LeaveCommand, RegisterCommand } from './agent-command.js';
import type { AgentAction, AgentDialect } from './agent-dialect.js';
import type { AgentInstance } from '../agent-instance.js';
import { flatFailure, flatSuccess } from './flat-answers.js';
import { parseFlatDeregister, parseFlatDrain, parseFlatRegister } from './flat-requests.js';
import { nodeFailure, nodeSuccess } from './node-answers.js';
import { parseNodeDeregister, parseNodeDrain, parseNodeRegister } from './node-requests.js';

/** What an answer says beside the instance or the failure. */
export interface AnswerContext {
  readonly at: Date;
  readonly agentRunId: string;
}

/** How one dialect reads bodies and writes answers. The parsers throw a {@link RefusedRequestError}. */
export interface WireDialect {
  readonly name: AgentDialect;
  parseRegister(body: unknown, rawBody: string): RegisterCommand;
  parseDrain(body: unknown): DrainCommand;
  parseDeregister(body: unknown): LeaveCommand;
  success(action: AgentAction, instance: AgentInstance, context: AnswerContext): AgentAnswer;
  failure(status: number, code: string, message: string, context: AnswerContext): AgentAnswer;
}

export const WIRE_DIALECTS: Readonly<Record<AgentDialect, WireDialect>> = {
  node: {
    name: 'node',
    parseRegister: parseNodeRegister,
    parseDrain: parseNodeDrain,
    parseDeregister: parseNodeDeregister,
    success: (action, instance, { at }) => nodeSuccess(action, instance, at),
    failure: (status, code, message, { at }) => nodeFailure(status, code, message, at),
  },
  flat: {
    name: 'flat',
    parseRegister: parseFlatRegister,
    parseDrain: parseFlatDrain,
    parseDeregister: parseFlatDeregister,
    success: (_action, instance, { agentRunId }) => flatSuccess(instance, agentRunId),
    failure: (status, _code, message) => flatFailure(status, message),
  },
};
