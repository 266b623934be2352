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

/** If the last call is older, in milliseconds, the bound cut a quiet and not calls. */
const RECENT = 2_000;

/** Returns whether callers still sent calls when the wait was over. */
export function callsGoOn({ drain, isCut }: DrainOutcome): boolean {
  return isCut && drain.callsSince > 0 && drain.quietFor < RECENT;
}

/** Tells how long routers took to learn of the drain, as far as their calls show it. */
export function describeDrain({ startedAt, lastCallAt, callsSince }: DrainSnapshot): string {
  if (lastCallAt === null) return 'no call arrived after the drain';
  const seconds = ((lastCallAt - startedAt) / 1_000).toFixed(1);
  return `${counted(callsSince, 'call')} arrived after the drain, the last one after ${seconds} s`;
}
