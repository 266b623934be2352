import { describe, expect, it } from '@jest/globals';
import { settledWithin } from '../../../../lib/support/timing/settled-within.js';
import { ManualClock, watched } from '../../fixtures/manual-clock.js';

const forever = new Promise<never>(() => {});

describe('settledWithin', () => {
  it.each([
    ['resolves', Promise.resolve('done')],
    ['rejects', Promise.reject(new Error('failed'))],
  ])('is true of work that %s in time', async (_how, work) => {
    const clock = new ManualClock();
    expect(await settledWithin(clock, 1_000, work)).toBe(true);
    expect(clock.timers).toBe(0);
  });

  it('waits until the work settles', async () => {
    const clock = new ManualClock();
    const work = clock.sleep(999, new AbortController().signal);
    const inTime = settledWithin(clock, 1_000, work);
    await clock.advance(999);
    expect(await inTime).toBe(true);
    expect(clock.timers).toBe(0);
  });

  it('waits for at most the given time', async () => {
    const clock = new ManualClock();
    const inTime = settledWithin(clock, 1_000, forever);
    const seen = watched(inTime);
    await clock.advance(999);
    expect(seen.settled).toBe(false);
    await clock.advance(1);
    expect(await inTime).toBe(false);
    expect(clock.timers).toBe(0);
  });

  it.each([0, -1])('does not wait for %d ms', async (milliseconds) => {
    const clock = new ManualClock();
    const inTime = settledWithin(clock, milliseconds, forever);
    await clock.advance(0);
    expect(await inTime).toBe(false);
  });

  it('handles the rejection of work that fails too late', async () => {
    const clock = new ManualClock();
    let fail = (_error: Error) => {};
    const work = new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
    const inTime = settledWithin(clock, 1_000, work);
    await clock.advance(1_000);
    fail(new Error('too late'));
    await clock.advance(0);
    expect(await inTime).toBe(false);
  });
});
