import { boundedString } from '../../support/text/bounded-text.js';

/** What an answer's body says, whichever dialect it is in. Every text is bounded and free of control characters. */
export interface AgentAnswer {
  /** The agent's code, such as `register_ok`; empty where there is none. */
  readonly code: string;
  /** The agent's words; empty where there are none. */
  readonly message: string;
  /** `Init`, `Registered`, `Serving`, `Draining` or `Deregistered`, where the agent says it. */
  readonly state?: string;
  /** The id under which the agent holds the instance. */
  readonly instanceId?: string;
  /** When a draining instance is dropped, in the agent's own notation. */
  readonly drainDeadline?: string;
  /** `false` where the body says in so many words that the call failed. */
  readonly success: boolean;
  /** Whether the body is an error of the flat dialect, `{"error": "…"}`, and no envelope. */
  readonly flatError: boolean;
}

const SILENT: AgentAnswer = { code: '', message: '', success: true, flatError: false };

/**
 * Reads an answer's body. What is empty, no JSON or no object says nothing: such an answer is judged by its status alone.
 * Fields are copied one by one with their type checked, so that nothing else of the body gets in.
 */
export function readAgentAnswer(body: string): AgentAnswer {
  const root = asRecord(parseJson(body));
  if (!root) return SILENT;
  const isEnvelope = typeof root.success === 'boolean';
  const instance = (isEnvelope && asRecord(root.data)) || root;
  const error = boundedString(root.error);
  return {
    code: boundedString(root.code, 64) ?? '',
    message: boundedString(root.message) ?? error ?? '',
    state: boundedString(instance.state, 32),
    instanceId: boundedString(instance.instance_id, 128),
    drainDeadline: boundedString(instance.drain_deadline, 64),
    success: root.success !== false,
    flatError: !isEnvelope && typeof root.error === 'string',
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
