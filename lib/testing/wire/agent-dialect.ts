/**
 * The two forms a register, drain or deregister body can have. A real agent speaks one of them and answers 400 to the
 * other.
 *
 * - `'node'`: nested (`app`, `service`, …), an instance is `app_id` and `app_instance_id`, answers come in an envelope
 *   (`success`, `code`, `message`, `data`, `generated_at`).
 * - `'flat'`: all at the top level (`app_id`, `name`, `port`, …), an instance is `name` and `port`, an answer is the
 *   instance itself or `{"error":"…"}`.
 */
export type AgentDialect = 'node' | 'flat';

/** The three calls that change what an agent holds. */
export type AgentAction = 'register' | 'drain' | 'deregister';

/** The fields by which a body shows its dialect, the ones that only that dialect has. */
const MARKS: Readonly<Record<AgentAction, Readonly<Record<AgentDialect, readonly string[]>>>> = {
  register: { node: ['app', 'service'], flat: ['app_id', 'name', 'port'] },
  drain: { node: ['app_id', 'app_instance_id'], flat: ['name', 'port'] },
  deregister: { node: ['app_id', 'app_instance_id'], flat: ['name', 'port'] },
};

/**
 * Tells by its shape which dialect a body speaks.
 *
 * @param body parsed JSON, or `undefined` where it did not parse
 * @returns `undefined` for a body that shows neither
 */
export function spokenDialect(action: AgentAction, body: unknown): AgentDialect | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const marks = MARKS[action];
  if (marks.node.some((field) => Object.hasOwn(body, field))) return 'node';
  if (marks.flat.some((field) => Object.hasOwn(body, field))) return 'flat';
  return undefined;
}
