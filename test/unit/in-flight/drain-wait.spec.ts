import { describe, expect, it, jest } from '@jest/globals';
import fc from '../../support/fast-check.js';
import { InFlightCalls } from '../../../lib/in-flight/in-flight-calls.js';
import { DrainWait } from '../../../lib/in-flight/drain-wait.js';
import { ManualClock, watched } from '../fixtures/manual-clock.js';

const GRACE = 20_000;

interface Options {
  readonly drainDelay?: number | 'auto';
  readonly gracePeriod?: number;
  readonly agentLostAt?: () => number | undefined;
}

function drainWait(options: Options = {}) {
  const clock = new ManualClock();
  const calls = new InFlightCalls(clock);
  const leaving = new AbortController();
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const { drainDelay = 5_000, gracePeriod = GRACE, agentLostAt = () => undefined } = options;
  const waits = new DrainWait({ calls, clock, gracePeriod, drainDelay, agentLostAt, lease: 10_000, log });
  /** Drains, and waits for routers. */
  const forRouters = (until = Infinity) =>
    waits.forRouters(calls.beginDrain(), { signal: leaving.signal, until });
  const forCalls = () => waits.forCalls({ signal: leaving.signal, until: Infinity });
  return { clock, calls, leaving, lines, waits, forRouters, forCalls };
}

describe('DrainWait', () => {
  it('waits for the minimum time, though no call is in flight', async () => {
    const { clock, forRouters } = drainWait();
    const wait = watched(forRouters());
    await clock.advance(4_999);
    expect(wait.settled).toBe(false);
    await clock.advance(1);
    expect(wait.settled).toBe(true);
  });

  it('ends at once if there is nothing to wait for', async () => {
    const { clock, forCalls } = drainWait();
    const wait = watched(forCalls());
    await clock.advance(0);
    expect(wait.settled).toBe(true);
    expect(clock.timers).toBe(0);
  });

  it('waits then until the last call has ended', async () => {
    const { clock, calls, forRouters } = drainWait();
    const end = calls.begin();
    const wait = watched(forRouters());
    await clock.advance(12_000);
    expect(wait.settled).toBe(false);
    end();
    await clock.advance(0);
    expect(wait.settled).toBe(true);
  });

  it('waits for a call that begins in the moment the last one ends', async () => {
    const { clock, calls, forRouters } = drainWait();
    const end = calls.begin();
    const wait = watched(forRouters());
    await clock.advance(12_000);
    end();
    const endNext = calls.begin();
    await clock.advance(1_000);
    expect(wait.settled).toBe(false);
    endNext();
    await clock.advance(1);
    expect(wait.settled).toBe(true);
  });

  it('does not wait for calls that ended meanwhile', async () => {
    const { clock, calls, forRouters } = drainWait();
    clock.after(1_000, calls.begin());
    const wait = watched(forRouters());
    await clock.advance(5_000);
    expect(wait.settled).toBe(true);
  });

  it('never waits beyond the grace period', async () => {
    const { clock, calls, forRouters } = drainWait();
    calls.begin();
    const wait = watched(forRouters());
    await clock.advance(GRACE - 1);
    expect(wait.settled).toBe(false);
    await clock.advance(1);
    expect(wait.settled).toBe(true);
  });

  it('tells whether it was cut', async () => {
    const quiet = drainWait();
    const learned = quiet.forRouters();
    await quiet.clock.advance(5_000);
    expect(await learned).toBe(true);
    const busy = drainWait();
    busy.calls.begin();
    const cut = busy.forRouters();
    await busy.clock.advance(GRACE);
    expect(await cut).toBe(false);
  });

  it('cuts the minimum time to the grace period', async () => {
    const { clock, forRouters } = drainWait({ drainDelay: GRACE * 2 });
    const wait = watched(forRouters());
    await clock.advance(GRACE);
    expect(wait.settled).toBe(true);
    expect(clock.timers).toBe(0);
  });

  describe('when the grace period has begun before', () => {
    it('waits for what is left of it', async () => {
      const { clock, calls, waits, forRouters } = drainWait();
      calls.begin();
      expect(waits.begin()).toBe(GRACE);
      await clock.advance(3_000);
      expect(waits.begin()).toBe(GRACE);
      const wait = watched(forRouters());
      await clock.advance(GRACE - 3_001);
      expect(wait.settled).toBe(false);
      await clock.advance(1);
      expect(wait.settled).toBe(true);
    });

    it('shares it among all waits', async () => {
      const { clock, calls, forCalls } = drainWait();
      const end = calls.begin();
      const first = watched(forCalls());
      await clock.advance(15_000);
      end();
      await clock.advance(0);
      expect(first.settled).toBe(true);
      calls.begin();
      const second = watched(forCalls());
      await clock.advance(4_999);
      expect(second.settled).toBe(false);
      await clock.advance(1);
      expect(second.settled).toBe(true);
    });

    it('does not wait at all once it is over', async () => {
      const { clock, calls, waits, forRouters } = drainWait();
      calls.begin();
      waits.begin();
      await clock.advance(GRACE + 1);
      const wait = watched(forRouters());
      await clock.advance(0);
      expect(wait.settled).toBe(true);
    });
  });

  describe('with a latest end', () => {
    it('ends then, though the grace period goes on', async () => {
      const { clock, calls, forRouters } = drainWait();
      calls.begin();
      await clock.advance(1_000);
      const wait = watched(forRouters(8_000));
      await clock.advance(6_999);
      expect(wait.settled).toBe(false);
      await clock.advance(1);
      expect(wait.settled).toBe(true);
      expect(clock.timers).toBe(0);
    });

    it('ends at once if the moment is past', async () => {
      const { clock, forRouters } = drainWait();
      await clock.advance(1_000);
      const wait = watched(forRouters(500));
      await clock.advance(0);
      expect(wait.settled).toBe(true);
    });

    it('ends with the grace period if that is shorter', async () => {
      const { clock, calls, forRouters } = drainWait();
      calls.begin();
      const wait = watched(forRouters(GRACE * 2));
      await clock.advance(GRACE);
      expect(wait.settled).toBe(true);
    });
  });

  describe('when the signal aborts', () => {
    it.each(['during the wait at least', 'while calls are in flight'])('ends at once, %s', async (when) => {
      const { clock, calls, leaving, forRouters } = drainWait();
      calls.begin();
      const wait = watched(forRouters());
      await clock.advance(when === 'while calls are in flight' ? 6_000 : 1_000);
      expect(wait.settled).toBe(false);
      leaving.abort();
      await clock.advance(0);
      expect(wait.settled).toBe(true);
      expect(clock.timers).toBe(0);
    });

    it('does not begin if it has aborted before', async () => {
      const { clock, calls, leaving, forRouters } = drainWait();
      calls.begin();
      leaving.abort();
      const wait = watched(forRouters());
      await clock.advance(0);
      expect(wait.settled).toBe(true);
      expect(clock.timers).toBe(0);
    });
  });

  it('leaves no listener and no timer behind', async () => {
    const { clock, calls, leaving, forRouters } = drainWait();
    const added = jest.spyOn(leaving.signal, 'addEventListener');
    const removed = jest.spyOn(leaving.signal, 'removeEventListener');
    clock.after(6_000, calls.begin());
    const wait = watched(forRouters());
    await clock.advance(6_000);
    expect(wait.settled).toBe(true);
    expect(clock.timers).toBe(0);
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed.mock.calls).toEqual(added.mock.calls.map(([name, listener]) => [name, listener]));
  });

  it('ends at the first moment that no call is in flight, for any calls', async () => {
    // Calls begin and end at odd moments, waits at even ones: no two things happen at once.
    const odd = fc.nat({ max: 200 }).map((half) => half * 2 + 1);
    const call = fc
      .tuple(odd, odd)
      .map(([one, other]) => ({ from: Math.min(one, other), to: Math.max(one, other) + 2 }));
    const even = fc.nat({ max: 150 }).map((half) => half * 2);
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 6 }), even, even, async (given, atLeast, grace) => {
        const { clock, calls, forRouters } = drainWait({ drainDelay: atLeast, gracePeriod: grace });
        for (const { from, to } of given) {
          clock.after(from, () => void clock.after(to - from, calls.begin()));
        }
        let ended = -1;
        const wait = forRouters();
        void wait.then(() => {
          ended = clock.elapsed();
        });
        await clock.advance(1_000);
        const isIdle = (moment: number) => given.every(({ from, to }) => moment < from || moment >= to);
        const moments = [atLeast, ...given.map(({ to }) => to)].filter(
          (moment) => moment >= atLeast && isIdle(moment),
        );
        expect(ended).toBe(Math.min(grace, ...moments));
        expect(clock.timers).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('names the calls that it waits for after two seconds', async () => {
    const { clock, calls, lines, forCalls } = drainWait();
    const end = calls.begin();
    const wait = watched(forCalls());
    await clock.advance(1_999);
    expect(lines).toEqual([]);
    await clock.advance(1);
    expect(lines).toEqual(['Waiting for 1 call in flight']);
    end();
    await clock.advance(0);
    expect(wait.settled).toBe(true);
    expect(clock.timers).toBe(0);
  });

  describe('auto', () => {
    it('waits for routers that go on sending calls, and ends two seconds after the last', async () => {
      const { clock, calls, forRouters } = drainWait({ drainDelay: 'auto' });
      for (let sent = 0; sent < 100; sent += 1) {
        calls.arrivals.note();
        await clock.advance(50);
      }
      const wait = watched(forRouters());
      for (let sent = 0; sent < 120; sent += 1) {
        calls.arrivals.note();
        await clock.advance(50);
      }
      await clock.advance(1_949);
      expect(wait.settled).toBe(false);
      await clock.advance(1);
      expect(wait.settled).toBe(true);
    });

    it('counts the quiet from the answer of the drain', async () => {
      const { clock, calls, forRouters } = drainWait({ drainDelay: 'auto' });
      for (let sent = 0; sent < 100; sent += 1) {
        calls.arrivals.note();
        await clock.advance(50);
      }
      const wait = watched(forRouters());
      await clock.advance(1_500);
      calls.drain?.answered();
      await clock.advance(1_999);
      expect(wait.settled).toBe(false);
      await clock.advance(1);
      expect(wait.settled).toBe(true);
    });

    it('waits longer if the agent is lost meanwhile', async () => {
      const agent: { lostAt?: number } = {};
      const { clock, forRouters } = drainWait({ drainDelay: 'auto', agentLostAt: () => agent.lostAt });
      const wait = watched(forRouters());
      await clock.advance(3_000);
      agent.lostAt = 3_000;
      await clock.advance(15_999);
      expect(wait.settled).toBe(false);
      await clock.advance(1);
      expect(wait.settled).toBe(true);
    });
  });
});
