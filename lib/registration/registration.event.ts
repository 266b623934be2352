import type { SidecarAnswer } from '../client/sidecar-client.js';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { Dialect } from '../protocol/dialect.js';
import type { RegistrationFacts } from '../status/registration-facts.js';
import type { Request } from './registration.state.js';

/** What the status tells of the node. */
export type Announced = Pick<RegistrationFacts, 'weight' | 'methodCount' | 'httpRouteCount'>;

/** What can happen to a registration. `at` is milliseconds since 1970. */
export type RegistrationEvent =
  /** The application is booted and bound, and the node is built. */
  | {
      readonly type: 'ready';
      readonly service: { readonly name: string; readonly port: number };
      readonly instanceId: string;
      readonly announced: Announced;
    }
  /** Another node is to be announced in place of the one before. */
  | { readonly type: 'updated'; readonly announced: Announced }
  /** The agent said `connected`. */
  | { readonly type: 'connected'; readonly at: number }
  /** The stream is gone, or did not come up. */
  | { readonly type: 'disconnected'; readonly at: number; readonly nextRetryAt?: number }
  /** Why the stream is gone, or did not come up. */
  | { readonly type: 'lost'; readonly error: SidecarAgentError; readonly at: number }
  | { readonly type: 'answered'; readonly call: number; readonly answer: SidecarAnswer }
  | { readonly type: 'failed'; readonly call: number; readonly error: SidecarAgentError; readonly at: number }
  /** The next try of a failed register has been set. */
  | { readonly type: 'scheduled'; readonly nextRetryAt: number }
  | { readonly type: 'retryDue' }
  | { readonly type: 'requested'; readonly request: Request }
  /** What was taken out by hand is to come back. */
  | { readonly type: 'resumed' }
  | { readonly type: 'leave' }
  /** The wait that `quiesce` began is over. */
  | { readonly type: 'quiet' }
  /** `shutdownTimeout` is over. */
  | { readonly type: 'deadline' }
  /** Something else went wrong. */
  | { readonly type: 'error'; readonly error: SidecarAgentError; readonly at: number };

/** What the registration says is to be done. */
export type RegistrationCommand =
  | { readonly type: 'watch' }
  /** The register over the present stream succeeded. */
  | { readonly type: 'confirm' }
  | { readonly type: 'register'; readonly call: number; readonly dialect?: Dialect }
  | {
      readonly type: 'drain';
      readonly call: number;
      readonly dialect?: Dialect;
      readonly gracePeriod?: number;
    }
  | { readonly type: 'deregister'; readonly call: number; readonly dialect?: Dialect }
  /** Report `retryDue` after the wait that so many failures in a row call for. */
  | { readonly type: 'retry'; readonly failures: number }
  | { readonly type: 'cancelRetry' }
  /** Keep serving, at least for `drainDelay` where said, then until no call is in flight; report `quiet`. */
  | {
      readonly type: 'quiesce';
      readonly atLeast: 'drainDelay' | 'nothing';
      /** What follows: a deregister must still fit into `shutdownTimeout`. */
      readonly before: 'deregister' | 'close';
    }
  /** A request made by hand has ended. */
  | { readonly type: 'settled'; readonly request: Request; readonly error?: SidecarAgentError }
  | { readonly type: 'left' };

/** A step of the machine: the next state and what is to be done, in order. */
export type Transition<State> = readonly [state: State, commands: readonly RegistrationCommand[]];
