import { describe, expect, it } from '@jest/globals';
import { remindOfCalls } from '../../../lib/in-flight/calls-reminder.js';
import { ManualClock } from '../fixtures/manual-clock.js';

async function linesOf(count: number, methods: string[], wait = 2_000, ends = Infinity): Promise<string[]> {
  const clock = new ManualClock();
  const lines: string[] = [];
  const end = remindOfCalls(clock, { count, methods }, (line) => lines.push(line));
  if (ends < wait) end();
  await clock.advance(wait);
  return lines;
}

describe('remindOfCalls', () => {
  it('logs one line with the methods after two seconds', async () => {
    await expect(linesOf(3, ['/a.B/C', '/a.B/D'], 10_000)).resolves.toEqual([
      'Waiting for 3 calls in flight: /a.B/C, /a.B/D',
    ]);
    await expect(linesOf(1, [])).resolves.toEqual(['Waiting for 1 call in flight']);
  });

  it('logs nothing sooner, nothing without a call, and nothing if the wait has ended', async () => {
    await expect(linesOf(1, [], 1_999)).resolves.toEqual([]);
    await expect(linesOf(0, [])).resolves.toEqual([]);
    await expect(linesOf(1, [], 2_000, 1_000)).resolves.toEqual([]);
  });
});
