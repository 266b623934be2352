import type { AgentDescription } from '../agent/protocol/connection-event.js';
import type { Dialect } from '../agent/protocol/dialect.js';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { SidecarStatus } from '../status/sidecar-status.js';

/** What each event has beside the fields of all events. */
interface EventDetails {
  /**
   * The agent accepted a register, and the service was not registered before: at the start, after a
   * reconnect, after `resume()`, or since Consul had lost it. The repetition of an accepted
   * register is no event.
   */
  registered: {
    /** The id under which the agent holds this instance; `null` if it is not known. */
    readonly instanceId: string | null;
    /** The dialect of the agent; `null` if a `SidecarClient` of your own does not tell. */
    readonly dialect: Dialect | null;
  };
  /** The event stream is open: the agent sent `connected`. */
  connected: {
    /** What the agent last said about itself; `null` if it never did. */
    readonly agent: AgentDescription | null;
  };
  /** An open event stream was lost. An attempt that fails afterwards is an `error`. */
  disconnected: {
    /** Why it was lost. */
    readonly error: SidecarAgentError;
  };
  /** The service is taken out of rotation. */
  draining: {
    /**
     * `shutdown`: the shutdown has begun. `manual`: `drain()` was called. `elsewhere`: another
     * client of the agent has drained the instance.
     */
    readonly reason: 'shutdown' | 'manual' | 'elsewhere';
  };
  /** The agent accepted the deregister, or does not know the instance. */
  deregistered: {
    /** `shutdown`: the service leaves the mesh. `manual`: `deregister()` was called. */
    readonly reason: 'shutdown' | 'manual';
  };
  /** Anything failed: the same errors as in the option `onError`, repeated ones included. */
  error: {
    readonly error: SidecarAgentError;
  };
}

/** The types of the events that `@OnSidecar` takes. */
export type SidecarEventType = keyof EventDetails;

/** What every event has. */
interface EventFields<Type> {
  readonly type: Type;
  /** When it happened: ISO 8601 text in UTC with milliseconds. */
  readonly at: string;
  /** The name of the service, from the options. */
  readonly serviceName: string;
  /** The port that the service is registered with; `null` until it is known. */
  readonly port: number | null;
  /** The status right after the event. */
  readonly status: SidecarStatus;
}

/**
 * An event that a handler of `@OnSidecar` gets. Name its type to get the fields of that event:
 * `SidecarEvent<'registered'>` has `instanceId` and `dialect`.
 */
export type SidecarEvent<Type extends SidecarEventType = SidecarEventType> = {
  [Each in Type]: EventFields<Each> & EventDetails[Each];
}[Type];

/** All types, for checks at run time. */
export const SIDECAR_EVENT_TYPES: readonly SidecarEventType[] = Object.keys({
  registered: true,
  connected: true,
  disconnected: true,
  draining: true,
  deregistered: true,
  error: true,
} satisfies Record<SidecarEventType, true>) as SidecarEventType[];
