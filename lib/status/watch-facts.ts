import type { AgentDescription, ConnectionEvent } from '../agent/protocol/connection-event.js';

/** What the watch has told. Moments are milliseconds since 1970; `null` is "not yet". */
export interface WatchFacts {
  readonly lastEventType: ConnectionEvent['type'] | null;
  readonly lastEventId: string | null;
  readonly lastEventAt: number | null;
  /** What the agent last said of itself. */
  readonly agent: AgentDescription | null;
}

/** The facts of a watch that has told nothing yet. */
export const NOTHING_HEARD: WatchFacts = Object.freeze({
  lastEventType: null,
  lastEventId: null,
  lastEventAt: null,
  agent: null,
});

/** What is known once an event was told: of its id and of the agent the last that was said, if it says nothing. */
export function heard(facts: WatchFacts, event: ConnectionEvent, at: number): WatchFacts {
  const said = event.type === 'disconnected' ? undefined : event;
  return {
    lastEventType: event.type,
    lastEventId: said?.id || facts.lastEventId,
    lastEventAt: at,
    agent: said?.agent ?? facts.agent,
  };
}
