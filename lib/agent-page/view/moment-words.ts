import type { AgentMoment } from '../moments/agent-moment.js';
import type { MomentView } from './page-state.js';

/** Returns the words for an event: `stream opened`. */
export function eventWords({ event }: Pick<AgentMoment, 'event'>): string {
  return event === 'again' ? 'replayed' : event.replace('-', ' ');
}

/**
 * Leaves out a replay if the same instance has a later one and nothing but replays is between them:
 * services that replay in turn would fill the timeline.
 *
 * @param moments latest first
 */
export function withoutOlderReplays(moments: readonly MomentView[]): readonly MomentView[] {
  const seen = new Set<string>();
  return moments.filter(({ event, instanceId, text }) => {
    if (event !== 'again') {
      seen.clear();
      return true;
    }
    const key = `${instanceId ?? ''} ${text}`;
    const isOlder = seen.has(key);
    seen.add(key);
    return !isOlder;
  });
}
