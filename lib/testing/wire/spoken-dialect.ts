import { isObject } from '../../support/shape.js';
import type { AgentDialect } from '../agent-dialect.js';
import type { AgentAction } from './agent-command.js';

/** The fields that only one dialect has. */
const MARKS: Readonly<Record<AgentAction, Readonly<Record<AgentDialect, readonly string[]>>>> = {
  register: { node: ['app', 'service'], flat: ['app_id', 'name', 'port'] },
  drain: { node: ['app_id', 'app_instance_id'], flat: ['name', 'port'] },
  deregister: { node: ['app_id', 'app_instance_id'], flat: ['name', 'port'] },
};

/**
 * Returns the dialect of a body by its fields.
 *
 * @param body parsed JSON, or `undefined` if the body is not JSON
 * @returns `undefined` if the body has the fields of neither dialect
 */
export function spokenDialect(action: AgentAction, body: unknown): AgentDialect | undefined {
  if (!isObject(body)) return undefined;
  const marks = MARKS[action];
  if (marks.node.some((field) => Object.hasOwn(body, field))) return 'node';
  if (marks.flat.some((field) => Object.hasOwn(body, field))) return 'flat';
  return undefined;
}
