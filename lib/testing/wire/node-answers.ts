import type { AgentInstance } from '../agent-instance.js';
import type { AgentAction } from './agent-command.js';
import { jsonAnswer } from './http-answer.js';
import type { HttpAnswer } from './http-answer.js';
import { instanceDocument } from './instance-document.js';

const MESSAGES: Readonly<Record<AgentAction, string>> = {
  register: 'service registered',
  drain: 'service is draining',
  deregister: 'service deregistered',
};

/** Builds the envelope of a success in the `node` dialect. */
export function nodeSuccess(action: AgentAction, instance: AgentInstance, at: Date): HttpAnswer {
  return jsonAnswer(200, {
    success: true,
    code: `${action}_ok`,
    message: MESSAGES[action],
    data: instanceDocument(instance),
    generated_at: at.toISOString(),
  });
}

/** Builds the envelope of a failure in the `node` dialect. */
export function nodeFailure(status: number, code: string, message: string, at: Date): HttpAnswer {
  return jsonAnswer(status, { success: false, code, message, data: null, generated_at: at.toISOString() });
}
