import { describe, expect, it } from '@jest/globals';
import fc from '../../support/fast-check.js';
import { type DrainFacts, drainEndsAt } from '../../../lib/in-flight/drain-rule.js';

const STEADY = { calls: 6_000, longestGap: 20 };
const IDLE = { calls: 0, longestGap: 60_000 };
const QUIET = { calls: 0, longestGap: 0 };
const LEASE = 10_000;

function facts(more: Partial<DrainFacts>): DrainFacts {
  return { before: STEADY, since: QUIET, startedAt: 0, answeredAt: 0, ...more };
}

describe('drainEndsAt', () => {
  describe('auto', () => {
    it.each<[what: string, given: Partial<DrainFacts>, endsAt: number]>([
      [
        'steady calls: two seconds after the last',
        { since: { calls: 9, longestGap: 20, lastAt: 6_000 } },
        8_000,
      ],
      ['steady calls that end with the drain', {}, 2_000],
      ['a call each 700 ms: the shortest quiet', { before: { calls: 85, longestGap: 700 } }, 2_000],
      ['a call each 2 s: one and a half gaps', { before: { calls: 30, longestGap: 2_000 } }, 3_000],
      ['a batch each 5 s: the longest quiet', { before: { calls: 600, longestGap: 5_000 } }, 7_000],
      [
        'a gap that came after the drain counts',
        { since: { calls: 2, longestGap: 3_000, lastAt: 5_000 } },
        9_500,
      ],
      ['the quiet begins with the answer of the drain', { answeredAt: 1_400 }, 3_400],
      ['without an answer it begins with the drain', { answeredAt: undefined }, 2_000],
      ['few calls: not before seven seconds', { before: { calls: 19, longestGap: 500 } }, 7_000],
      [
        'few calls and a slow drain: seven seconds and its time',
        { before: { calls: 19, longestGap: 500 }, answeredAt: 1_500 },
        8_500,
      ],
      ['no calls', { before: IDLE }, 7_000],
      [
        'no calls before, and one since',
        { before: IDLE, since: { calls: 1, longestGap: 60_000, lastAt: 6_500 } },
        13_500,
      ],
      ['few calls and no agent: its lease and the routers', { before: IDLE, agentLostAt: -1_000 }, 15_000],
      [
        'batches and no agent: its lease and the routers, since the longest quiet may lie between two',
        { before: { calls: 50, longestGap: 10_000 }, agentLostAt: -1_000 },
        15_000,
      ],
      [
        'batches that came after the drain, and no agent',
        { agentLostAt: -1_000, since: { calls: 25, longestGap: 7_500, lastAt: 7_500 } },
        15_000,
      ],
      [
        'a batch each 4 s and no agent: a quiet tells',
        { before: { calls: 600, longestGap: 4_000 }, agentLostAt: -1_000 },
        6_000,
      ],
      [
        'steady calls and no agent: the calls tell',
        { agentLostAt: -1_000, since: { calls: 900, longestGap: 20, lastAt: 14_900 } },
        16_900,
      ],
    ])('%s', (_what, given, endsAt) => {
      expect(drainEndsAt(facts(given), 'auto', LEASE)).toBe(endsAt);
    });
  });

  describe('an explicit drainDelay', () => {
    it.each<[what: string, given: Partial<DrainFacts>, drainDelay: number, endsAt: number]>([
      ['since the answer of the drain', { answeredAt: 300 }, 5_000, 5_300],
      ['or the drain, without an answer', { answeredAt: undefined }, 5_000, 5_000],
      [
        'and two seconds since the last call',
        { since: { calls: 1, longestGap: 0, lastAt: 4_000 } },
        5_000,
        6_000,
      ],
      ['or less, if it is shorter', { since: { calls: 1, longestGap: 0, lastAt: 400 } }, 500, 900],
      ['zero leaves at once', { since: { calls: 1, longestGap: 0, lastAt: 0 } }, 0, 0],
      ['an agent that is gone changes nothing', { agentLostAt: -1_000 }, 5_000, 5_000],
    ])('%s', (_what, given, drainDelay, endsAt) => {
      expect(drainEndsAt(facts(given), drainDelay, LEASE)).toBe(endsAt);
    });
  });

  const traffic = fc.record({ calls: fc.nat(10_000), longestGap: fc.nat(60_000), lastAt: fc.nat(20_000) });
  const any: fc.Arbitrary<DrainFacts> = fc.record({
    before: traffic,
    since: traffic,
    startedAt: fc.constant(0),
    answeredAt: fc.option(fc.nat(3_000), { nil: undefined }),
    agentLostAt: fc.option(fc.integer({ min: -10_000, max: 0 }), { nil: undefined }),
  });

  it('never ends within two seconds of a call, and waits no longer than a rule says why', () => {
    fc.assert(
      fc.property(any, (given) => {
        const endsAt = drainEndsAt(given, 'auto', LEASE);
        const told = given.answeredAt ?? 0;
        expect(endsAt).toBeGreaterThanOrEqual(Math.max(told, given.since.lastAt ?? 0) + 2_000);
        const lease = given.agentLostAt === undefined ? 0 : given.agentLostAt + 16_000;
        expect(endsAt).toBeLessThanOrEqual(Math.max(told, given.since.lastAt ?? 0, lease - 7_000) + 7_000);
      }),
    );
  });

  it('without an agent it waits for the lease of that agent', () => {
    const idle = facts({ before: IDLE, agentLostAt: -1_000 });
    expect([5_000, 30_000].map((lease) => drainEndsAt(idle, 'auto', lease))).toEqual([10_000, 35_000]);
  });

  it('a later call never ends it sooner', () => {
    fc.assert(
      fc.property(any, fc.nat(5_000), (given, later) => {
        const { since } = given;
        const after = {
          ...given,
          since: { ...since, calls: since.calls + 1, lastAt: (since.lastAt ?? 0) + later },
        };
        expect(drainEndsAt(after, 'auto', LEASE)).toBeGreaterThanOrEqual(drainEndsAt(given, 'auto', LEASE));
      }),
    );
  });
});

/** Callers of one service, and a router that goes on sending them for some time after the drain. */
function lostCalls(callsAt: (time: number) => boolean, lag: number): { lost: number; endsAt: number } {
  const step = 20;
  let lastBefore = -60_000;
  let before = { calls: 0, longestGap: 60_000 };
  let gaps = 0;
  for (let at = -60_000; at < 0; at += step) {
    if (!callsAt(at)) continue;
    gaps = Math.max(gaps, Math.min(at - lastBefore, 60_000));
    lastBefore = at;
    before = { calls: before.calls + 1, longestGap: gaps };
  }
  before = { ...before, longestGap: Math.max(gaps, Math.min(-lastBefore, 60_000)) };
  let since: DrainFacts['since'] = { calls: 0, longestGap: 0 };
  let last = lastBefore;
  for (let at = 0; at <= 20_000; at += step) {
    if (at >= drainEndsAt(facts({ before, since }), 'auto', LEASE)) {
      let lost = 0;
      for (let rest = at; rest < lag; rest += step) lost += callsAt(rest) ? 1 : 0;
      return { lost, endsAt: at };
    }
    if (at >= lag || !callsAt(at)) continue;
    since = { calls: since.calls + 1, longestGap: Math.max(since.longestGap, at - last), lastAt: at };
    last = at;
  }
  throw new Error('it never ended');
}

describe('the rule against routers that learn late', () => {
  const every = (period: number) => (at: number) => at % period === 0;

  it.each<[what: string, callsAt: (time: number) => boolean, lag: number, within: number]>([
    ['steady calls, routers that need 6 s', every(20), 6_000, 8_100],
    ['a call each 700 ms, routers that need 9 s', every(700), 9_000, 11_100],
    ['a quick mesh', every(20), 200, 2_300],
    ['no calls', () => false, 6_000, 7_000],
    ['a batch each 5 s, routers that need 6 s', (at) => at % 5_000 === 0, 6_000, 14_000],
    ['steady calls, routers that need 9 s', every(40), 9_000, 11_100],
  ])('%s: loses no call', (_what, callsAt, lag, within) => {
    const { lost, endsAt } = lostCalls(callsAt, lag);
    expect(lost).toBe(0);
    expect(endsAt).toBeLessThanOrEqual(within);
  });
});
