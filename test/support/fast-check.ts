import fc from 'fast-check';

/**
 * Properties are tested with the same random values at each run, so that a fault is found by who
 * made it. To look for more: `PROPERTY_SEED=random PROPERTY_RUNS=100 npm run test:unit -- machine`.
 */
const { PROPERTY_SEED = '31415926', PROPERTY_RUNS = '1' } = process.env;

if (PROPERTY_SEED !== 'random')
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(PROPERTY_SEED) });

/** Returns how often to run a property that is worth more runs on request. */
export function runs(count: number): number {
  return count * Number(PROPERTY_RUNS);
}

export default fc;
