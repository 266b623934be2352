import { setTimeout } from 'node:timers/promises';

/** Waits until a check holds: for facts of another library that have no event. */
export async function eventually(check: () => boolean, within = 4_000): Promise<void> {
  const end = performance.now() + within;
  while (!check()) {
    if (performance.now() > end) throw new Error(`not within ${within} ms: ${check.toString()}`);
    await setTimeout(2);
  }
}
