import { setTimeout } from 'node:timers/promises';

/**
 * Waits until a check holds, and returns what it found: for facts of another library that have no
 * event.
 */
export async function eventually<T>(
  check: () => T | undefined | false | Promise<T | undefined | false>,
  within = 4_000,
): Promise<T> {
  const end = performance.now() + within;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (performance.now() > end) throw new Error(`not within ${within} ms: ${check.toString()}`);
    await setTimeout(2);
  }
}
