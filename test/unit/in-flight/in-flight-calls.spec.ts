import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import fc from '../../support/fast-check.js';
import { type CallSource, InFlightCalls } from '../../../lib/in-flight/in-flight-calls.js';
import { ManualClock, watched } from '../fixtures/manual-clock.js';

const never = new AbortController().signal;

describe('InFlightCalls', () => {
  it('counts calls from their beginning to their end', () => {
    const calls = new InFlightCalls(new ManualClock());
    expect(calls.count).toBe(0);
    const first = calls.begin();
    const second = calls.begin();
    expect(calls.count).toBe(2);
    first();
    expect(calls.count).toBe(1);
    second();
    expect(calls.count).toBe(0);
  });

  it('counts the end of a call once', () => {
    const calls = new InFlightCalls(new ManualClock());
    const end = calls.begin();
    calls.begin();
    end();
    end();
    expect(calls.count).toBe(1);
  });

  it('counts any calls that begin and end in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant(-1), fc.nat({ max: 20 }))), (moves) => {
        const calls = new InFlightCalls(new ManualClock());
        const ends: (() => void)[] = [];
        const open = new Set<number>();
        for (const move of moves) {
          if (move < 0) open.add(ends.push(calls.begin()) - 1);
          else {
            ends[move]?.();
            open.delete(move);
          }
          expect(calls.count).toBe(open.size);
        }
      }),
    );
  });

  describe('whenIdle', () => {
    it('resolves at once if no call is in flight', async () => {
      await expect(new InFlightCalls(new ManualClock()).whenIdle(never)).resolves.toBeUndefined();
    });

    it('resolves with the last call, for all who wait', async () => {
      const calls = new InFlightCalls(new ManualClock());
      const ends = [calls.begin(), calls.begin()];
      const waits = [calls.whenIdle(never), calls.whenIdle(never)].map(watched);
      ends[0]?.();
      await setImmediate();
      expect(waits.map((wait) => wait.settled)).toEqual([false, false]);
      ends[1]?.();
      await setImmediate();
      expect(waits.map((wait) => wait.settled)).toEqual([true, true]);
    });

    it('resolves even if the next call begins at once', async () => {
      const calls = new InFlightCalls(new ManualClock());
      const end = calls.begin();
      const wait = calls.whenIdle(never);
      end();
      calls.begin();
      await expect(wait).resolves.toBeUndefined();
    });

    it('can be waited for again', async () => {
      const calls = new InFlightCalls(new ManualClock());
      calls.begin()();
      const end = calls.begin();
      const wait = watched(calls.whenIdle(never));
      await setImmediate();
      expect(wait.settled).toBe(false);
      end();
      await setImmediate();
      expect(wait.settled).toBe(true);
    });

    it('resolves when the signal aborts, and at once if it has aborted', async () => {
      const calls = new InFlightCalls(new ManualClock());
      calls.begin();
      const controller = new AbortController();
      const wait = watched(calls.whenIdle(controller.signal));
      await setImmediate();
      expect(wait.settled).toBe(false);
      controller.abort(new Error('enough'));
      await setImmediate();
      expect(wait.settled).toBe(true);
      await expect(calls.whenIdle(controller.signal)).resolves.toBeUndefined();
    });

    it('waits for the calls of each source as well, which tells nothing of its last call', async () => {
      const clock = new ManualClock();
      const calls = new InFlightCalls(clock);
      const source = new Source();
      calls.addSource(source);
      source.count = 2;
      const end = calls.begin();
      expect(calls.count).toBe(3);
      const wait = watched(calls.whenIdle(never));
      end();
      await clock.advance(100);
      expect(wait.settled).toBe(false);
      source.count = 1;
      await clock.advance(100);
      expect(wait.settled).toBe(false);
      source.count = 0;
      await clock.advance(25);
      expect([wait.settled, clock.timers]).toEqual([true, 0]);
    });

    it('waits for a call that begins while a source has one', async () => {
      const clock = new ManualClock();
      const calls = new InFlightCalls(clock);
      const source = new Source();
      calls.addSource(source);
      source.count = 1;
      const wait = watched(calls.whenIdle(never));
      const end = calls.begin();
      source.count = 0;
      await clock.advance(100);
      expect(wait.settled).toBe(false);
      end();
      await clock.advance(0);
      expect([wait.settled, clock.timers]).toEqual([true, 0]);
    });

    it('asks nothing if no source counts', () => {
      const clock = new ManualClock();
      const calls = new InFlightCalls(clock);
      calls.begin();
      void calls.whenIdle(never);
      expect(clock.timers).toBe(0);
    });

    it('leaves no listener behind', async () => {
      const calls = new InFlightCalls(new ManualClock());
      const end = calls.begin();
      const { signal } = new AbortController();
      const added = jest.spyOn(signal, 'addEventListener');
      const removed = jest.spyOn(signal, 'removeEventListener');
      const wait = calls.whenIdle(signal);
      end();
      await wait;
      expect(added).toHaveBeenCalledTimes(1);
      expect(removed.mock.calls).toEqual(added.mock.calls.map(([name, listener]) => [name, listener]));
    });
  });

  it('ends the endless calls of each source at a drain, and all of them at the bound', () => {
    const calls = new InFlightCalls(new ManualClock());
    const sources = [new Source(), new Source()];
    for (const source of sources) calls.addSource(source);
    const drain = calls.beginDrain();
    expect(calls.drain).toBe(drain);
    expect(sources.map(({ ended }) => ended)).toEqual([['endless'], ['endless']]);
    calls.endAll();
    expect(sources.map(({ ended }) => ended)).toEqual([
      ['endless', 'all'],
      ['endless', 'all'],
    ]);
  });
});

/** Calls that are counted elsewhere. */
class Source implements CallSource {
  count = 0;
  readonly methods = [];
  readonly ended: string[] = [];
  endEndless(): void {
    this.ended.push('endless');
  }
  endAll(): void {
    this.ended.push('all');
  }
}
