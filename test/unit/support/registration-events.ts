import type { SidecarAnswer } from '../../../lib/client/sidecar-client.js';
import { RegisterReplayError } from '../../../lib/errors/register-replay.error.js';
import type { SidecarAgentError } from '../../../lib/errors/sidecar-agent.error.js';
import { SidecarApiError } from '../../../lib/errors/sidecar-api.error.js';
import { SidecarConnectionError } from '../../../lib/errors/sidecar-connection.error.js';
import type { RegistrationCommand, RegistrationEvent } from '../../../lib/registration/registration.event.js';
import {
  initialState,
  type RegistrationState,
  type Request,
} from '../../../lib/registration/registration.state.js';
import { transition } from '../../../lib/registration/registration.transition.js';
import { changeServiceNode } from '../../../lib/node/build-service-node.js';
import type { ServiceNode } from '../../../lib/node/service-node.js';
import { NODE } from './fixtures.js';

export const AT = Date.UTC(2026, 10, 21, 20, 5, 29);

/** What the service starts with, and what takes its place. */
export const FIRST: ServiceNode = { ...NODE, app: { ...NODE.app, instanceId: 'auth-1' } };
export const SECOND: ServiceNode = changeServiceNode(FIRST, {
  weight: 10,
  methods: [...NODE.methods, '/acme.auth.v1.AuthService/Refresh'],
  httpRoutes: [{ httpMethod: 'GET', path: '/login', fullMethod: NODE.methods[0] ?? '' }],
});

export const ready = { type: 'ready', node: FIRST } as const satisfies RegistrationEvent;
export const connected = { type: 'connected', at: AT } as const satisfies RegistrationEvent;
export const disconnected = { type: 'disconnected', at: AT } as const satisfies RegistrationEvent;
export const retryDue = { type: 'retryDue' } as const satisfies RegistrationEvent;
export const updated = { type: 'updated', node: SECOND } as const satisfies RegistrationEvent;
export const resumed = { type: 'resumed' } as const satisfies RegistrationEvent;
export const leave = { type: 'leave' } as const satisfies RegistrationEvent;
export const quiet = { type: 'quiet' } as const satisfies RegistrationEvent;
export const deadline = { type: 'deadline' } as const satisfies RegistrationEvent;

/** The agent says yes to a call. */
export const yes = (call: number, answer: SidecarAnswer = {}): RegistrationEvent => ({
  type: 'answered',
  call,
  answer,
});

/** The agent's own refusal. */
export function refusal(statusCode: number): SidecarApiError {
  return new SidecarApiError({ method: 'POST', path: '/drain', statusCode, code: '', reason: '' });
}

/** No answer at all. */
export const SILENCE = new SidecarConnectionError('http://127.0.0.1:15010', 'ETIMEDOUT', 'no answer');

/** A call fails, as the executor would say it. */
export const no = (call: number, error: SidecarAgentError = SILENCE): RegistrationEvent => ({
  type: 'failed',
  call,
  error,
  at: AT,
});

/** A register fails: what the client threw is the cause. */
export const notRegistered = (call: number, cause: SidecarAgentError = SILENCE): RegistrationEvent =>
  no(call, new RegisterReplayError(cause));

export const requested = (request: Request): RegistrationEvent => ({ type: 'requested', request });

/** Runs events through the machine; the commands are those of the last one. */
export function after(
  events: readonly RegistrationEvent[],
  rules: { enabled?: boolean; graceful?: boolean } = {},
): { state: RegistrationState; commands: readonly RegistrationCommand[] } {
  let state = initialState({ enabled: true, graceful: true, ...rules });
  let commands: readonly RegistrationCommand[] = [];
  for (const event of events) [state, commands] = transition(state, event);
  return { state, commands };
}

/** A command in a few words, so that a list of them reads as a sentence. */
export function inWords(command: RegistrationCommand): string {
  switch (command.type) {
    case 'register':
    case 'deregister':
      return `${command.type} ${command.call}${command.dialect ? ` as ${command.dialect}` : ''}`;
    case 'drain': {
      const period = command.gracePeriod === undefined ? '' : ` for ${command.gracePeriod} ms`;
      return `drain ${command.call}${command.dialect ? ` as ${command.dialect}` : ''}${period}`;
    }
    case 'retry':
      return `retry after ${command.failures}`;
    case 'quiesce':
      return `quiesce for ${command.atLeast} before the ${command.before}`;
    case 'settled':
      return `settled ${command.request.operation}${command.error ? ` with ${command.error.kind}` : ''}`;
    default:
      return command.type;
  }
}
