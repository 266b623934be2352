import { SHORTEST_QUIET } from '../in-flight/drain-rule.js';
import type { DrainSnapshot } from '../in-flight/drain-traffic.js';
import { counted } from '../support/text/counted.js';

/** How the wait for routers ended. */
export interface DrainOutcome {
  readonly drain: DrainSnapshot;
  /**
   * Whether the agent took the drain, and the bound ended the wait before calls had ceased as long
   * as the rule asks.
   */
  readonly isCut: boolean;
}

/**
 * Returns whether callers still sent calls when the wait was over. If the last call is older than
 * the shortest quiet, the bound cut a quiet and not calls.
 */
export function callsGoOn({ drain, isCut }: DrainOutcome): boolean {
  return isCut && drain.callsSince > 0 && drain.quietFor < SHORTEST_QUIET;
}

/** Tells how long routers took to learn of the drain, as far as their calls show it. */
export function describeDrain({ startedAt, lastCallAt, callsSince }: DrainSnapshot): string {
  if (lastCallAt === null) return 'no call arrived after the drain';
  const seconds = ((lastCallAt - startedAt) / 1_000).toFixed(1);
  return `${counted(callsSince, 'call')} arrived after the drain, the last one after ${seconds} s`;
}
