import { fieldsOf } from './reply.js';
import type { Frame } from './sse.parser.js';

/** Returns whether data starts like JSON, and so must be JSON. */
export function looksLikeJson({ data }: Frame): boolean {
  return /^\s*[{[]/.test(data);
}

/**
 * Returns the event of a frame. The `event` in its JSON wins over its name; a nameless `ok` is
 * `connected`.
 *
 * @returns `undefined` if the data starts like JSON and is not JSON
 */
export function eventOf(frame: Frame): string | undefined {
  if (looksLikeJson(frame)) {
    if (!isJson(frame.data)) return undefined;
    const { event } = fieldsOf({ text: frame.data });
    if (typeof event === 'string' && event !== '') return event;
  }
  const saysOk = frame.name === 'message' && frame.data.trim().toLowerCase() === 'ok';
  return saysOk ? 'connected' : frame.name;
}

/** Describes the content of an event in a few words. */
export function wordsOf(frame: Frame): string {
  if (!looksLikeJson(frame)) return `data: ${frame.data}`;
  const fields = fieldsOf({ text: frame.data });
  const names = ['service', 'status', 'lifecycle_state', 'ready'];
  const words = names
    .filter((name) => fields[name] !== undefined)
    .map((name) => `${name} ${text(fields[name])}`);
  return words.join(', ') || 'JSON without a status of the agent';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isJson(data: string): boolean {
  try {
    JSON.parse(data);
    return true;
  } catch {
    return false;
  }
}
