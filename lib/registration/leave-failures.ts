import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { isUnknownInstance } from './answer-transition.js';
import type { RegistrationEvent } from './registration-event.js';
import type { RegistrationState } from './registration-state.js';

/** What an event says of a leave that does not go well: a drain or deregister that failed, or no time for them. */
export function leaveFailures(
  { leaving, call, holding }: RegistrationState,
  event: RegistrationEvent,
): readonly SidecarAgentError[] {
  if (!leaving || leaving === 'left') return [];
  if (event.type === 'failed') {
    const isGoodbye = call?.id === event.call && call.operation !== 'register';
    return isGoodbye && !isUnknownInstance(event.error) ? [event.error] : [];
  }
  return event.type === 'deadline' && holding !== 'nothing' ? [outOfTime()] : [];
}

function outOfTime(): SidecarAgentError {
  return new SidecarAgentError(
    'runtime_error',
    'shutdownTimeout was over before the agent had taken the deregister',
  );
}
