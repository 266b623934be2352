import { WatchError } from '../../errors/watch.error.js';
import { boundedString, boundedText } from '../../support/text/bounded-text.js';
import type { AgentDescription, AgentEvent } from './connection-event.js';

/** A frame of the event stream, as the parser returns it. */
export interface WatchFrame {
  /** The name of the event; empty or `message` if the frame has none. */
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

type Redact = (text: string) => string;
type Clean = (value: unknown, previous: string | undefined, limit?: number) => string | undefined;

/** JSON allows less white space than `\s`. */
const JSON_START = /^[ \t\n\r]*[{[]/;

/**
 * Reads a frame. The field `event` of JSON data has priority over the name of the frame. A frame
 * without a name whose data, or the message in it, is `ok` is a `connected`. As in the Go library,
 * names may have white space around them, and keys of the JSON any letter case.
 *
 * @param previous the previous event of the same stream. Most events repeat its texts, which need
 *   no second cleaning
 * @param redact replaces secrets in a text of the frame, before it is cut
 * @returns the event, or `undefined` if the module ignores events of this type
 * @throws {WatchError} `watch_event_parse` if the data starts like JSON and is malformed;
 *   `watch_stream_closed` if the agent sent `disconnected`
 */
export function readWatchFrame(
  frame: WatchFrame,
  previous?: AgentEvent,
  redact: Redact = (text) => text,
): AgentEvent | undefined {
  const isJson = frame.data.startsWith('{') || JSON_START.test(frame.data);
  const fields = isJson ? parseFields(frame, redact) : undefined;
  const clean = cleanerWith(redact);
  const message = fields
    ? (clean(fieldOf(fields, 'message'), previous?.message) ?? '')
    : boundedText(redact(frame.data));
  const type = typeOf(frame, fields);
  const id = boundedText(redact(frame.id), 128);
  switch (type) {
    case 'connected':
    case 'heartbeat':
      return { type, id, message, agent: fields && describeAgent(fields, previous?.agent, clean) };
    case 'disconnected':
      throw new WatchError(
        'watch_stream_closed',
        `the agent ended the event stream: ${message || 'disconnected'}`,
        { eventType: type, eventId: id },
      );
    default:
      return undefined;
  }
}

function typeOf(frame: WatchFrame, fields: Record<string, unknown> | undefined): string {
  const told = fields && fieldOf(fields, 'event');
  const inJson = typeof told === 'string' ? told.trim() : '';
  if (inJson !== '') return inJson;
  const name = frame.event.trim();
  if (name !== '' && name !== 'message') return name;
  const message = fields ? fieldOf(fields, 'message') : frame.data;
  return typeof message === 'string' && message.trim().toLowerCase() === 'ok' ? 'connected' : '';
}

/** Returns a field of JSON data. If the exact key is missing, one in another letter case counts. */
function fieldOf(fields: Record<string, unknown>, name: string): unknown {
  if (Object.hasOwn(fields, name)) return fields[name];
  if (Array.isArray(fields)) return undefined;
  const key = Object.keys(fields).find((each) => each.length === name.length && each.toLowerCase() === name);
  return key === undefined ? undefined : fields[key];
}

function parseFields(frame: WatchFrame, redact: Redact): Record<string, unknown> {
  try {
    return JSON.parse(frame.data) as Record<string, unknown>;
  } catch {
    const eventType = boundedText(redact(frame.event), 64) || 'message';
    const eventId = boundedText(redact(frame.id), 128);
    const data = redact(frame.data);
    throw new WatchError(
      'watch_event_parse',
      `the agent sent malformed JSON in the event "${eventType}" (id "${eventId}")`,
      { eventType, eventId, payload: boundedText(data) },
      { cause: syntaxErrorOf(data) },
    );
  }
}

/** The error of the text as it came would quote it, secrets included. */
function syntaxErrorOf(redacted: string): unknown {
  try {
    JSON.parse(redacted);
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

/** Returns what the agent reports about itself, or `undefined` if the event has none of it. */
function describeAgent(
  fields: Record<string, unknown>,
  previous: AgentDescription | undefined,
  clean: Clean,
): AgentDescription | undefined {
  const service = clean(fieldOf(fields, 'service'), previous?.service, 64);
  const status = clean(fieldOf(fields, 'status'), previous?.status, 64);
  const lifecycleState = clean(fieldOf(fields, 'lifecycle_state'), previous?.lifecycleState, 64);
  const told = fieldOf(fields, 'ready');
  const ready = typeof told === 'boolean' ? told : undefined;
  if (!service && !status && !lifecycleState && ready === undefined) return undefined;
  const isSame =
    previous?.service === service &&
    previous?.status === status &&
    previous?.lifecycleState === lifecycleState &&
    previous?.ready === ready;
  // Frozen, since later events may share it.
  return isSame ? previous : Object.freeze({ service, status, lifecycleState, ready });
}

/**
 * Redacts and bounds a text, unless it is the previous one, which was cleaned before. That saves a
 * fifth of the time that reading an event takes: 0.47 µs in place of 0.57 µs (Node 20).
 */
function cleanerWith(redact: Redact): Clean {
  return (value, previous, limit) => {
    if (value === previous) return previous;
    return boundedString(typeof value === 'string' ? redact(value) : value, limit);
  };
}
