import { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import type { RegistrationEvent } from './registration-event.js';
import type { RegistrationState } from './registration-state.js';

/**
 * Returns the errors that an event adds to `shutdownErrors`: a drain or deregister of the leave
 * that is not repeated any more, or a `shutdownTimeout` that was reached before the agent accepted
 * the deregister.
 *
 * @param state before the event
 */
export function leaveFailures(
  { leaving, atOnce, holding, call, waiting, drainFailed, goodbyeError }: RegistrationState,
  { type }: RegistrationEvent,
): readonly SidecarAgentError[] {
  if (!leaving || leaving === 'left') return [];
  const last = goodbyeError ? [goodbyeError] : [];
  if (type === 'gaveUp' && waiting && leaving === 'deregistering') return last;
  if (type === 'quiet' && leaving === 'serving-on' && drainFailed) return last;
  // A register in flight may land, though the agent holds nothing yet.
  const mayBeHeld = holding !== 'nothing' || call?.operation === 'register';
  if (type !== 'deadline' || !mayBeHeld) return [];
  return [...(leaving === 'finishing' ? [] : last), outOfTime(atOnce)];
}

function outOfTime(atOnce: boolean): SidecarAgentError {
  const [limit, remedy] = atOnce
    ? ['the time after a crash was over', '']
    : ['shutdownTimeout reached', ', or raise shutdownTimeout'];
  return new SidecarAgentError(
    'runtime_error',
    `${limit} before the agent accepted the deregister: the agent may still list this ` +
      `instance. Check that the agent answers${remedy}`,
  );
}
