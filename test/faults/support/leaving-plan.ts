import fc from '../../support/fast-check.js';
import { APP_SHAPES, type AppShape } from '../../support/greeter-app.js';

/** A run of a greeter that gets SIGTERM at some moment. Times are in milliseconds. */
export interface LeavingPlan {
  readonly shape: AppShape;
  readonly dialect: 'node' | 'flat' | 'both';
  /** From the start of the process to SIGTERM. */
  readonly sigterm: number;
  /** How much later than the agent the caller knows a state. */
  readonly lag: number;
  /** Whether a call is in flight during SIGTERM that is answered only some time after it. */
  readonly holdsCall: boolean;
  /** What happens to the agent meanwhile. */
  readonly disturbance: 'none' | 'restart' | 'dropped streams';
  /** From the start of the process to the disturbance. */
  readonly disturbedAt: number;
}

/** The minimum time to serve on; longer than any lag of a plan. */
export const DRAIN_DELAY = 500;

/** A greeter starts in about a second. */
const LATEST = 3_000;

// Without a bias to the ends, at which little happens.
const moment = fc.noBias(fc.integer({ min: 0, max: LATEST }));

const plans: fc.Arbitrary<LeavingPlan> = fc.record({
  shape: fc.constantFrom(...APP_SHAPES),
  dialect: fc.constantFrom('node', 'flat', 'both'),
  sigterm: moment,
  lag: fc.noBias(fc.integer({ min: 0, max: DRAIN_DELAY - 150 })),
  holdsCall: fc.boolean(),
  disturbance: fc.constantFrom('none', 'restart', 'dropped streams'),
  disturbedAt: moment,
});

/** The same seed makes the same plan. */
export function leavingPlan(seed: number): LeavingPlan {
  const [plan] = fc.sample(plans, { seed, numRuns: 1 });
  if (!plan) throw new Error(`seed ${seed} made no plan`);
  return plan;
}

/**
 * Reads the seeds to run with.
 *
 * @param range such as `1-155`, or one seed
 */
export function readSeeds(range: string): number[] {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
  if (first === undefined) throw new Error(`SIGTERM_SEEDS: must be such as "1-155" or "7", got "${range}"`);
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index);
}
