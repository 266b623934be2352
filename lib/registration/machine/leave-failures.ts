import { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import { isUnknownInstance } from './answer-transition.js';
import type { RegistrationEvent } from './registration-event.js';
import type { RegistrationState } from './registration-state.js';

/**
 * Returns the errors that an event adds to `shutdownErrors`: a drain or deregister of the leave
 * that failed, or a `shutdownTimeout` that was reached before the deregister was accepted.
 *
 * @param state before the event
 */
export function leaveFailures(
  { leaving, call, holding }: RegistrationState,
  event: RegistrationEvent,
): readonly SidecarAgentError[] {
  if (!leaving || leaving === 'left') return [];
  if (event.type === 'failed') {
    const isOfLeave = call?.id === event.call && call.operation !== 'register';
    return isOfLeave && !isUnknownInstance(event.error) ? [event.error] : [];
  }
  return event.type === 'deadline' && holding !== 'nothing' ? [outOfTime()] : [];
}

function outOfTime(): SidecarAgentError {
  return new SidecarAgentError(
    'runtime_error',
    'shutdownTimeout reached before the agent accepted the deregister: the agent may still list this ' +
      'instance. Check that the agent answers, or raise shutdownTimeout',
  );
}
