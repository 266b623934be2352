import { beforeEach, describe, expect, it } from '@jest/globals';
import { InFlightCalls } from '../../../lib/in-flight/in-flight-calls.js';
import { finishWork } from '../../../lib/lifecycle/finish-work.js';
import { ManualClock, watched } from '../fixtures/manual-clock.js';

describe('finishWork', () => {
  let clock: ManualClock;
  let calls: InFlightCalls;
  let lines: string[];
  const log = (line: string) => void lines.push(line);

  beforeEach(() => {
    clock = new ManualClock();
    calls = new InFlightCalls(clock);
    lines = [];
  });

  it('waits until no work is in flight, and leaves no timer behind', async () => {
    const ends = [calls.begin(), calls.begin()];
    const wait = watched(finishWork(calls, { clock, rest: 1_000 }, log));
    for (const end of ends) {
      await clock.advance(10);
      expect(wait.settled).toBe(false);
      end();
    }
    await clock.advance(0);
    expect([wait.settled, clock.timers, lines]).toEqual([true, 0, []]);
  });

  it.each([
    ['the bound', 1_000],
    ['the end of this turn, if no time is left', -5],
  ])('waits no longer than until %s', async (_what, rest) => {
    calls.begin();
    const wait = watched(finishWork(calls, { clock, rest }, log));
    if (rest > 0) await clock.advance(rest - 1);
    else await Promise.resolve();
    expect(wait.settled).toBe(false);
    await clock.advance(1);
    const line = 'Closed at shutdownTimeout, with calls or tasks still in flight: 1';
    expect([wait.settled, clock.timers, lines]).toEqual([true, 0, [line]]);
  });

  it('can leave messages out', async () => {
    const end = calls.begin();
    calls.beginMessage();
    const wait = watched(finishWork(calls.exceptMessages, { clock, rest: 1_000 }, log));
    await clock.advance(10);
    expect(wait.settled).toBe(false);
    end();
    await clock.advance(0);
    expect([wait.settled, clock.timers, lines, calls.count]).toEqual([true, 0, [], 1]);
  });
});
