/** Options of a module whose close is limited to a second. */
export const BOUNDED = { requestTimeout: 200, gracePeriod: 300, shutdownTimeout: 1_000 } as const;

/** Far below what Node's own close would wait, in milliseconds: forever. */
export const SOON = 3_000;

/** Returns how long work takes, in milliseconds. */
export async function timed(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}
