import type { ConnectionEvent } from '../agent/protocol/connection-event.js';
import type { SidecarStatus } from './sidecar-status.js';

/** The part of the status that the watch knows. `lastEventAt` is milliseconds since 1970. */
export type WatchFacts = Pick<SidecarStatus, 'lastEventType' | 'lastEventId' | 'agent'> & {
  readonly lastEventAt: number | null;
};

/** The facts before the first event. */
export const NO_WATCH_FACTS: WatchFacts = Object.freeze({
  lastEventType: null,
  lastEventId: null,
  lastEventAt: null,
  agent: null,
});

/**
 * Returns the facts after an event. If the event has no id, or says nothing about the agent, the
 * last known value stays.
 *
 * @param at milliseconds since 1970
 */
export function withEvent(facts: WatchFacts, event: ConnectionEvent, at: number): WatchFacts {
  const said = event.type === 'disconnected' ? undefined : event;
  return {
    lastEventType: event.type,
    lastEventId: said?.id || facts.lastEventId,
    lastEventAt: at,
    agent: said?.agent ?? facts.agent,
  };
}
