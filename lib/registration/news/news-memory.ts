import { codeOf } from '../../agent/connection/error-code.js';
import type { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import type { RegistrationEvent } from '../machine/registration-event.js';
import type { RegistrationState } from '../machine/registration-state.js';
import { RECALLED, RESUMED } from './registration-news.js';

/** The codes of an address at which no process listens; others may come from DNS or the network. */
const NOT_LISTENING = new Set(['ECONNREFUSED', 'ENOENT']);

/** One step of the state machine. */
export interface RegistrationStep {
  readonly before: RegistrationState;
  readonly event: RegistrationEvent;
  readonly after: RegistrationState;
  /** When it was made, on the clock's `elapsed()`. */
  readonly elapsed: number;
}

/** Something that was lost. */
export interface Loss {
  /** Since when, on the clock's `elapsed()`. */
  readonly since: number;
  /** Why, in words. */
  readonly cause: string;
}

/** What of earlier steps the news of a step needs. */
export interface NewsMemory {
  /** The error of the event stream whose end is about to be noted. */
  readonly streamError: SidecarAgentError | null;
  /** The event stream, if it was open once and is not now. */
  readonly stream: Loss | null;
  /** The registration, if the agent accepted it once and it does not hold now. */
  readonly registration: Loss | null;
}

/** The memory before the first step. */
export const NO_MEMORY: NewsMemory = Object.freeze({ streamError: null, stream: null, registration: null });

/** Returns in words how the agent lost the registration, if a step says that it did. */
export function lossOf({ before, event, after }: Omit<RegistrationStep, 'elapsed'>): string | undefined {
  const isWanted = after.wanted === 'registered' && !after.leaving;
  return event.type === 'connected' && before.registered && isWanted ? event.loss : undefined;
}

/** Returns whether the agent has accepted a register. */
export function isAccepted({ before, after }: Pick<RegistrationStep, 'before' | 'after'>): boolean {
  return before.registerReplayCount < after.registerReplayCount;
}

/** Returns the memory after a step. */
export function remember(memory: NewsMemory, step: RegistrationStep): NewsMemory {
  const { before, event, after } = step;
  const stream = streamAfter(memory, step);
  const registration = registrationAfter(memory, step, stream);
  const isLost = before.connected && !after.connected;
  const streamError = event.type === 'lost' ? event.error : isLost ? null : memory.streamError;
  const isSame =
    streamError === memory.streamError && stream === memory.stream && registration === memory.registration;
  return isSame ? memory : { streamError, stream, registration };
}

function streamAfter({ stream, streamError }: NewsMemory, step: RegistrationStep): Loss | null {
  const { before, event, after, elapsed } = step;
  if (after.connected) return null;
  if (before.connected) {
    return { since: elapsed, cause: streamError?.message ?? 'the event stream was lost' };
  }
  // Nothing listened at the agent's address meanwhile.
  const isGone = stream !== null && event.type === 'lost' && NOT_LISTENING.has(codeOf(event.error));
  return isGone ? { ...stream, cause: 'the agent restarted' } : stream;
}

function registrationAfter(
  { stream: lastStream, registration }: NewsMemory,
  step: RegistrationStep,
  stream: Loss | null,
): Loss | null {
  const { before, event, after, elapsed } = step;
  const loss = lossOf(step);
  if (loss !== undefined) return registration ?? { since: elapsed, cause: loss };
  if (after.registered) return before.registered && !isAccepted(step) ? registration : null;
  if (before.registered) return registration ?? { since: elapsed, cause: stream?.cause ?? causeOf(event) };
  if (!registration) return null;
  if (before.wanted !== 'registered' && after.wanted === 'registered') {
    return { ...registration, cause: event.type === 'resumed' ? RESUMED : RECALLED };
  }
  const isOfStream = lastStream !== null && registration.cause === lastStream.cause;
  return isOfStream && stream ? { ...registration, cause: stream.cause } : registration;
}

function causeOf(event: RegistrationEvent): string {
  if (event.type === 'failed') return event.error.message;
  return event.type === 'answered' ? 'the agent took it out of rotation' : 'your code took it out';
}
