import type { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import type { Operation } from '../machine/registration-state.js';

/** A time without an event stream or a registration. */
export interface Gap {
  /** How long it was, in milliseconds. */
  readonly lasted: number;
  /** What it came from, in words. */
  readonly cause: string;
}

/** Who takes the service out of rotation. */
export type DrainReason = 'shutdown' | 'manual' | 'elsewhere';

/** Who takes the service out of the registry. */
export type DeregisterReason = 'shutdown' | 'manual';

/** What a step of the state machine means to whoever runs the service. */
export type RegistrationNews =
  | { readonly type: 'started' }
  /** Without `gap` for the first event stream. */
  | { readonly type: 'connected'; readonly gap: Gap | null }
  | { readonly type: 'disconnected'; readonly error: SidecarAgentError }
  /** Without `gap` for the first registration. */
  | { readonly type: 'registered'; readonly gap: Gap | null }
  | { readonly type: 'updated' }
  | { readonly type: 'draining'; readonly reason: DrainReason }
  | { readonly type: 'drained' }
  /** `isManual`: `resume()` was called; otherwise another process has taken its drain back. */
  | { readonly type: 'resumed'; readonly isManual: boolean }
  | { readonly type: 'deregistered'; readonly reason: DeregisterReason }
  /** `failed` is what did not succeed; absent for any other error. */
  | { readonly type: 'error'; readonly error: SidecarAgentError; readonly failed?: 'connect' | Operation }
  /** `isCut`: the time of the leave was over first. */
  | { readonly type: 'stopped'; readonly isCut: boolean; readonly othersOnPort: number };

/** Why a service is wanted in rotation again. */
export const RESUMED = 'resume() was called';
export const RECALLED = 'another process on the port has taken its drain back';
