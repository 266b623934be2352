import { beforeEach, describe, expect, it } from '@jest/globals';
import { InFlightCalls } from '../../../lib/in-flight/in-flight-calls.js';
import { finishWork } from '../../../lib/lifecycle/finish-work.js';
import { ManualClock, watched } from '../fixtures/manual-clock.js';

describe('finishWork', () => {
  let clock: ManualClock;
  let calls: InFlightCalls;

  beforeEach(() => {
    clock = new ManualClock();
    calls = new InFlightCalls(clock);
    calls.isLeftToClose = true;
  });

  it('waits until no work is in flight, and leaves no timer behind', async () => {
    const ends = [calls.begin(), calls.begin()];
    const wait = watched(finishWork(calls, { clock, rest: 1_000 }));
    for (const end of ends) {
      await clock.advance(10);
      expect(wait.settled).toBe(false);
      end();
    }
    await clock.advance(0);
    expect([wait.settled, clock.timers]).toEqual([true, 0]);
  });

  it.each([
    ['the bound', 1_000],
    ['the end of this turn, if no time is left', -5],
  ])('waits no longer than until %s', async (_what, rest) => {
    calls.begin();
    const wait = watched(finishWork(calls, { clock, rest }));
    if (rest > 0) await clock.advance(rest - 1);
    else await Promise.resolve();
    expect(wait.settled).toBe(false);
    await clock.advance(1);
    expect([wait.settled, clock.timers]).toEqual([true, 0]);
  });

  it.each([
    ['the leave has waited itself', false, true],
    ['the service does not leave', true, false],
  ])('does not wait if %s', async (_what, isLeftToClose, leaves) => {
    calls.begin();
    calls.isLeftToClose = isLeftToClose;
    const wait = watched(finishWork(calls, leaves ? { clock, rest: 1_000 } : undefined));
    await clock.advance(0);
    expect([wait.settled, clock.timers]).toEqual([true, 0]);
  });
});
