import type { SidecarClock } from './sidecar-clock.js';

/**
 * Waits for work, and for so many milliseconds at the most; the work itself goes on.
 *
 * @returns whether it has ended in time, be it well or not
 */
export async function settledWithin(
  clock: SidecarClock,
  milliseconds: number,
  work: Promise<unknown>,
): Promise<boolean> {
  let cancel = () => {};
  const over = new Promise<boolean>((resolve) => {
    cancel = clock.after(Math.max(0, milliseconds), () => resolve(false));
  });
  const settled = work.then(
    () => true,
    () => true,
  );
  const inTime = await Promise.race([settled, over]);
  cancel();
  return inTime;
}
