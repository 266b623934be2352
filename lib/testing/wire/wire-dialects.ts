import type { AgentDialect } from '../agent-dialect.js';
import type { AgentInstance } from '../agent-instance.js';
import type { AgentAction, DrainCommand, LeaveCommand, RegisterCommand } from './agent-command.js';
import { flatFailure, flatSuccess } from './flat-answers.js';
import { parseFlatDeregister, parseFlatDrain, parseFlatRegister } from './flat-requests.js';
import type { HttpAnswer } from './http-answer.js';
import { nodeFailure, nodeSuccess } from './node-answers.js';
import { parseNodeDeregister, parseNodeDrain, parseNodeRegister } from './node-requests.js';

/** The part of an answer that comes from the agent and not from the instance. */
export interface AnswerContext {
  readonly at: Date;
  readonly agentRunId: string;
}

/** Reads the bodies and writes the answers of one dialect. */
export interface WireDialect {
  readonly name: AgentDialect;
  /** @throws {@link RefusedRequestError} */
  parseRegister(body: unknown, rawBody: string): RegisterCommand;
  /** @throws {@link RefusedRequestError} */
  parseDrain(body: unknown): DrainCommand;
  /** @throws {@link RefusedRequestError} */
  parseDeregister(body: unknown): LeaveCommand;
  success(action: AgentAction, instance: AgentInstance, context: AnswerContext): HttpAnswer;
  failure(status: number, code: string, message: string, context: AnswerContext): HttpAnswer;
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
