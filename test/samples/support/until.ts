import { setTimeout as delay } from 'node:timers/promises';

/** Polls until `look` returns a truthy value, and returns it. */
export async function until<T>(
  look: () => T | Promise<T>,
  description: string,
  limit = 30_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + limit;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`timed out after ${limit} ms waiting for ${description}`);
    await delay(20);
  }
}
