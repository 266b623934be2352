import { setTimeout as delay } from 'node:timers/promises';

/** Polls until the answer is one, and returns it, or the last one when the time is over. */
export async function until<T>(ask: () => Promise<T>, within = 30_000): Promise<T> {
  const end = performance.now() + within;
  for (;;) {
    const answer = await ask();
    if (answer || performance.now() > end) return answer;
    await delay(5);
  }
}
