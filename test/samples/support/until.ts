import { setTimeout as delay } from 'node:timers/promises';

/** Looks again and again until a condition holds, for what cannot be observed otherwise; returns what it found. */
export async function until<T>(
  look: () => T | Promise<T>,
  description: string,
  limit = 30_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + limit;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited ${limit} ms in vain for ${description}`);
    await delay(20);
  }
}
