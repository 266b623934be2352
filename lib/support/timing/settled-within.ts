import type { SidecarClock } from './sidecar-clock.js';

/**
 * Waits until `work` settles, for at most `milliseconds`. It does not cancel the work.
 *
 * @returns whether the work has resolved or rejected in time
 */
export async function settledWithin(
  clock: SidecarClock,
  milliseconds: number,
  work: Promise<unknown>,
): Promise<boolean> {
  let cancel = () => {};
  const timeUp = new Promise<boolean>((resolve) => {
    cancel = clock.after(Math.max(0, milliseconds), () => resolve(false));
  });
  const settled = work.then(
    () => true,
    () => true,
  );
  const inTime = await Promise.race([settled, timeUp]);
  cancel();
  return inTime;
}
