import { counted } from '../support/text/counted.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';

/** How long calls may hold up the shutdown before they are logged, in milliseconds. */
const PATIENCE = 2_000;

/** Calls that a wait is for. */
export interface AwaitedCalls {
  readonly count: number;
  /** What they are for, sorted and without repeats, as far as they have a name. */
  readonly methods: readonly string[];
}

/**
 * Logs one line with the methods that are still in flight, if a wait for them takes longer than two
 * seconds.
 *
 * @param log writes the line
 * @returns ends the wait: nothing is logged after that
 */
export function remindOfCalls(
  clock: SidecarClock,
  calls: AwaitedCalls,
  log: (line: string) => void,
): () => void {
  return clock.after(PATIENCE, () => {
    const { count, methods } = calls;
    if (count === 0) return;
    const names = methods.length > 0 ? `: ${methods.join(', ')}` : '';
    log(`Waiting for ${counted(count, 'call')} in flight${names}`);
  });
}
