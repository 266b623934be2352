import type { Reply } from './agent.http.js';
import type { Dialect } from './wire-bodies.js';

type Fields = Readonly<Record<string, unknown>>;

/** Returns the body parsed as JSON, `{}` if it is not a JSON object. */
export function fieldsOf({ text }: Pick<Reply, 'text'>): Fields {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

/** Returns whether the status is 2xx and the body does not say `success: false`. */
export function isAccepted(reply: Reply): boolean {
  return reply.status >= 200 && reply.status <= 299 && fieldsOf(reply)['success'] !== false;
}

/** Returns the dialect of a refusal by its shape: an envelope, or `{"error":"…"}`. */
export function errorDialect(reply: Reply): Dialect | undefined {
  const { success, error } = fieldsOf(reply);
  if (typeof success === 'boolean') return success ? undefined : 'node';
  return typeof error === 'string' ? 'flat' : undefined;
}

export function stateOf(reply: Reply): string | undefined {
  return textOf(instanceOf(reply)['state']);
}

export function instanceIdOf(reply: Reply): string | undefined {
  return textOf(instanceOf(reply)['instance_id']);
}

export function drainDeadlineOf(reply: Reply): string | undefined {
  return textOf(instanceOf(reply)['drain_deadline']);
}

export function contentTypeOf({ headers }: Pick<Reply, 'headers'>): string {
  return headers['content-type'] ?? 'no content type';
}

/** Describes an answer in a few words: its status, code, state and message. */
export function describe(reply: Reply): string {
  const fields = fieldsOf(reply);
  const words = [textOf(fields['code']), stateOf(reply)].filter((word) => word !== undefined);
  const why = isAccepted(reply) ? undefined : (textOf(fields['message']) ?? textOf(fields['error']));
  if (why !== undefined) words.push(`"${why}"`);
  return [reply.status, ...words].join(' ');
}

/** Returns the `data` of an envelope, or the answer itself. */
function instanceOf(reply: Reply): Fields {
  const fields = fieldsOf(reply);
  return typeof fields['success'] === 'boolean' && isFields(fields['data']) ? fields['data'] : fields;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
