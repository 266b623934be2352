import { WatchError } from '../../errors/watch.error.js';
import { othersOf } from '../machine/registration-state.js';
import { isAccepted, type Loss, type NewsMemory, type RegistrationStep } from './news-memory.js';
import type { Gap, RegistrationNews } from './registration-news.js';

/**
 * Returns what a step of the state machine means to whoever runs the service, in order. It is a
 * pure function; `memory` is that of the steps before.
 */
export function newsOf(memory: NewsMemory, step: RegistrationStep): readonly RegistrationNews[] {
  if (!step.after.enabled) return [];
  return [
    ...newsOfStart(step),
    ...newsOfErrors(step),
    ...newsOfStream(memory, step),
    ...newsOfRegistration(memory, step),
    ...newsOfWithdrawal(step),
    ...newsOfLeave(step),
  ];
}

function newsOfStart({ before, after }: RegistrationStep): RegistrationNews[] {
  return !before.node && after.node ? [{ type: 'started' }] : [];
}

function newsOfErrors({ before, event }: RegistrationStep): RegistrationNews[] {
  if (event.type === 'error') return [{ type: 'error', error: event.error }];
  if (event.type === 'failed') {
    // The failure of a call that is no longer awaited changes nothing, but is an error, too.
    const failed = before.call?.id === event.call ? before.call.operation : undefined;
    return [{ type: 'error', error: event.error, failed }];
  }
  // The loss of an open stream is `disconnected`, which follows.
  const isAttempt = event.type === 'lost' && !before.connected && before.leaving !== 'left';
  return isAttempt ? [{ type: 'error', error: event.error, failed: 'connect' }] : [];
}

function newsOfStream(memory: NewsMemory, { before, after, elapsed }: RegistrationStep): RegistrationNews[] {
  if (!before.connected && after.connected) {
    return [{ type: 'connected', gap: gapOf(memory.stream, elapsed) }];
  }
  if (!before.connected || after.connected || after.leaving === 'left') return [];
  const error = memory.streamError ?? new WatchError('watch_stream_closed', 'the event stream was lost');
  return [{ type: 'disconnected', error }];
}

function newsOfRegistration(memory: NewsMemory, step: RegistrationStep): RegistrationNews[] {
  const { before, after, elapsed } = step;
  if (!after.registered) return [];
  const isBack = memory.registration !== null && isAccepted(step);
  if (!before.registered || isBack) return [{ type: 'registered', gap: gapOf(memory.registration, elapsed) }];
  return before.registeredRevision < after.registeredRevision ? [{ type: 'updated' }] : [];
}

function newsOfWithdrawal({ before, event, after }: RegistrationStep): RegistrationNews[] {
  const news: RegistrationNews[] = [];
  const isResumed = before.wanted !== 'registered' && after.wanted === 'registered';
  if (isResumed) news.push({ type: 'resumed', isManual: event.type === 'resumed' });
  if (before.wanted !== 'drained' && after.wanted === 'drained') {
    news.push({ type: 'draining', reason: after.drainedElsewhere ? 'elsewhere' : 'manual' });
  }
  const isEnd = event.type === 'answered' || event.type === 'failed';
  const operation = isEnd && before.call?.id === event.call ? before.call.operation : null;
  if (operation === 'drain' && event.type === 'answered') news.push({ type: 'drained' });
  // A left-over instance is deregistered to be registered again.
  const isWanted = before.leaving !== null || before.wanted !== 'registered';
  if (operation === 'deregister' && isWanted && after.holding === 'nothing') {
    news.push({ type: 'deregistered', reason: before.leaving ? 'shutdown' : 'manual' });
  }
  return news;
}

function newsOfLeave({ before, event, after }: RegistrationStep): RegistrationNews[] {
  const news: RegistrationNews[] = [];
  if (!before.leaving && after.leaving) news.push({ type: 'draining', reason: 'shutdown' });
  if (before.leaving !== 'left' && after.leaving === 'left') {
    news.push({
      type: 'stopped',
      isCut: event.type === 'deadline',
      othersOnPort: othersOf(after).onPort,
    });
  }
  return news;
}

function gapOf(loss: Loss | null, elapsed: number): Gap | null {
  return loss && { lasted: elapsed - loss.since, cause: loss.cause };
}
