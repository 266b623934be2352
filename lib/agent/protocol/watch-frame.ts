import { WatchError } from '../../errors/watch.error.js';
import { boundedString, boundedText } from '../../support/text/bounded-text.js';
import type { AgentDescription, AgentEvent } from './connection-event.js';

/** One frame of the event stream, as the parser of the WHATWG format hands it over. */
export interface WatchFrame {
  /** The event's name; empty or `message` where the frame has none. */
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

/** After white space as JSON has it, which is less than `\s`. */
const JSON_START = /^[ \t\n\r]*[{[]/;

/**
 * Reads a frame. The `event` in JSON data wins over the frame's name; a nameless frame that says `ok` is `connected`.
 *
 * @param before the event before on the same stream: most say the same of the agent, and texts that were cleaned are clean
 * @returns the event, or `undefined` for one that means nothing to us
 * @throws {WatchError} `watch_event_parse` for data that starts like JSON and is none; `watch_stream_closed` when the
 * agent itself says `disconnected`
 */
export function readWatchFrame(frame: WatchFrame, before?: AgentEvent): AgentEvent | undefined {
  const isJson = frame.data.startsWith('{') || JSON_START.test(frame.data);
  const fields = isJson ? parseFields(frame) : undefined;
  const named = frame.event === 'message' ? '' : frame.event;
  const message = fields ? (cleaned(fields.message, before?.message) ?? '') : boundedText(frame.data);
  let type = typeof fields?.event === 'string' && fields.event !== '' ? fields.event : named;
  if (type === '' && frame.data.trim().toLowerCase() === 'ok') type = 'connected';
  const id = boundedText(frame.id, 128);
  switch (type) {
    case 'connected':
    case 'heartbeat':
      return { type, id, message, agent: fields && describeAgent(fields, before?.agent) };
    case 'disconnected':
      throw new WatchError(
        'watch_stream_closed',
        `the agent ended the stream: ${message || 'disconnected'}`,
        {
          eventType: type,
          eventId: id,
        },
      );
    default:
      return undefined;
  }
}

function parseFields(frame: WatchFrame): Record<string, unknown> {
  try {
    return JSON.parse(frame.data) as Record<string, unknown>;
  } catch (cause) {
    const eventType = boundedText(frame.event, 64) || 'message';
    const eventId = boundedText(frame.id, 128);
    throw new WatchError(
      'watch_event_parse',
      `the agent sent an event "${eventType}" (id "${eventId}") whose data is not the JSON it starts like`,
      { eventType, eventId, payload: boundedText(frame.data) },
      { cause },
    );
  }
}

/** An event that says nothing of the agent takes nothing back of what an earlier one said. */
function describeAgent(
  fields: Record<string, unknown>,
  before: AgentDescription | undefined,
): AgentDescription | undefined {
  const service = cleaned(fields.service, before?.service, 64);
  const status = cleaned(fields.status, before?.status, 64);
  const lifecycleState = cleaned(fields.lifecycle_state, before?.lifecycleState, 64);
  const ready = typeof fields.ready === 'boolean' ? fields.ready : undefined;
  if (!service && !status && !lifecycleState && ready === undefined) return undefined;
  const isSame =
    before?.service === service &&
    before?.status === status &&
    before?.lifecycleState === lifecycleState &&
    before?.ready === ready;
  // Frozen, since the events to come may share it.
  return isSame ? before : Object.freeze({ service, status, lifecycleState, ready });
}

/** Cleaning changes nothing of what it has cleaned. */
function cleaned(value: unknown, before: string | undefined, limit?: number): string | undefined {
  return value === before ? before : boundedString(value, limit);
}
