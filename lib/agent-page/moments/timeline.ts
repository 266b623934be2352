import { type MomentView, withMoment } from '../view/page-state.js';
import type { AgentMoment } from './agent-moment.js';

/** The latest moments of an agent. A moment that repeats the one before is counted there. */
export class Timeline {
  #moments: readonly MomentView[] = [];
  #latestId = 0;

  /** Returns the moments, latest first. */
  get moments(): readonly MomentView[] {
    return this.#moments;
  }

  /** Adds a moment, and returns it as the timeline has it. */
  add(moment: AgentMoment): MomentView {
    const [latest] = this.#moments;
    const isRepeated = latest !== undefined && isEqual(latest, moment);
    const view = isRepeated
      ? { ...moment, id: latest.id, count: latest.count + 1 }
      : { ...moment, id: ++this.#latestId, count: 1 };
    this.#moments = withMoment(this.#moments, view);
    return view;
  }
}

function isEqual(one: AgentMoment, other: AgentMoment): boolean {
  // The detail of a replay is the number of them.
  return one.event === other.event && one.text === other.text && one.instanceId === other.instanceId;
}
