import { parseJson } from '../../support/json/parse-json.js';
import { isRecord } from '../../support/shape.js';
import { boundedString, boundedText } from '../../support/text/bounded-text.js';

/**
 * The body of an answer, in either dialect. Every text is bounded and free of control characters.
 */
export interface AgentAnswer {
  /** The agent's code, such as `register_ok`; empty if the body has none. */
  readonly code: string;
  /** The agent's message; empty if the body has none. */
  readonly message: string;
  /** `Init`, `Registered`, `Serving`, `Draining` or `Deregistered`. */
  readonly state?: string;
  /** The id of the instance on the agent. */
  readonly instanceId?: string;
  /** When the agent drops a draining instance, in the agent's own notation. */
  readonly drainDeadline?: string;
  /** `false` only if the body has `"success": false`, or cannot be read. */
  readonly success: boolean;
  /** Whether the body is an error of the flat dialect: `{"error": "…"}` without `success`. */
  readonly flatError: boolean;
}

const EMPTY: AgentAnswer = { code: '', message: '', success: true, flatError: false };

/**
 * Reads the body of an answer. If it is empty, not JSON or not an object, only the HTTP status
 * tells whether the call succeeded. Fields are copied one by one and their types checked, so that
 * nothing else of the body gets in.
 *
 * @param redact replaces secrets in a text of the body, before it is cut
 */
export function readAgentAnswer(
  body: string,
  redact: (text: string) => string = (text) => text,
): AgentAnswer {
  const root = parseJson(body);
  if (!isRecord(root)) return EMPTY;
  const isEnvelope = typeof root.success === 'boolean';
  const instance = isEnvelope && isRecord(root.data) ? root.data : root;
  const cleaned = (value: unknown, limit?: number) =>
    boundedString(typeof value === 'string' ? redact(value) : value, limit);
  return {
    code: cleaned(root.code, 64) ?? '',
    message: cleaned(root.message) ?? cleaned(root.error) ?? '',
    state: cleaned(instance.state, 32),
    instanceId: cleaned(instance.instance_id, 128),
    drainDeadline: cleaned(instance.drain_deadline, 64),
    success: root.success !== false,
    flatError: !isEnvelope && typeof root.error === 'string',
  };
}

/** Returns the answer of a body that is encoded: it tells nothing, so the call did not succeed. */
export function unreadableAnswer(encoding: string): AgentAnswer {
  const found = boundedText(encoding, 64);
  const message = `the answer has the content encoding ${found}, expected none: turn off the compression of the agent`;
  return { ...EMPTY, message, success: false };
}
