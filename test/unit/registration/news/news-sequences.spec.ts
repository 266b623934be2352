import { describe, expect, it } from '@jest/globals';
import { anyCharacter } from '../../fixtures/any-character.js';
import fc, { runs } from '../../../support/fast-check.js';
import { SidecarAgentError } from '../../../../lib/errors/sidecar-agent.error.js';
import { WatchError } from '../../../../lib/errors/watch.error.js';
import type { RegistrationEvent } from '../../../../lib/registration/machine/registration-event.js';
import type { RegistrationState } from '../../../../lib/registration/machine/registration-state.js';
import { NewsRun } from '../../fixtures/news-run.js';
import {
  AT,
  connected,
  deadline,
  disconnected,
  gaveUp,
  leave,
  leaveAtOnce,
  notRegistered,
  quiet,
  ready,
  reassertDue,
  recalled,
  remaining,
  requested,
  resumed,
  retryDue,
  SILENCE,
  UNKNOWN,
  updated,
  yes,
} from '../../fixtures/registration-events.js';

/** An event that may depend on the call in flight. */
type Move = (state: RegistrationState) => RegistrationEvent;

const text = fc.array(anyCharacter, { maxLength: 400, size: 'max' }).map((characters) => characters.join(''));
const callOf = ({ call }: RegistrationState) => call?.id ?? 0;
const same =
  (event: RegistrationEvent): Move =>
  () =>
    event;

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(undefined, 'Serving', 'Draining').map(
      (state): Move =>
        (now) =>
          yes(callOf(now), { state }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(SILENCE, UNKNOWN).map(
      (cause): Move =>
        (now) =>
          notRegistered(callOf(now), cause),
    ),
  },
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      ...[ready, connected, disconnected, retryDue, updated, reassertDue, recalled, resumed].map(same),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Move>(
      () => requested({ operation: 'drain' }),
      () => requested({ operation: 'deregister' }),
    ),
  },
  {
    weight: 2,
    arbitrary: text.map((said): Move =>
      same({ type: 'lost', error: new WatchError('watch_connect', said), at: AT }),
    ),
  },
  {
    weight: 1,
    arbitrary: text.map((said): Move =>
      same({ type: 'error', error: new SidecarAgentError('runtime_error', said), at: AT }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...[leave, leaveAtOnce, quiet, gaveUp, deadline, remaining(1, 1)].map(same)),
  },
);
const moves = fc.array(fc.tuple(move, fc.nat({ max: 5_000 })), { maxLength: 300, size: 'max' });

/** Plays moves, with some time before each. */
async function played(given: readonly (readonly [Move, number])[], each = (_run: NewsRun) => {}) {
  const run = new NewsRun();
  for (const [next, wait] of given) {
    if (wait % 3 === 0) await run.clock.advance(wait);
    run.play(next(run.state));
    each(run);
  }
  return run;
}

describe('the timeline, of any sequence of events', () => {
  it('is bounded, in order, and the same after JSON', async () => {
    await fc.assert(
      fc.asyncProperty(moves, async (given) => {
        const { timeline } = await played(given);
        expect(timeline.length).toBeLessThanOrEqual(100);
        expect(JSON.parse(JSON.stringify(timeline))).toEqual(timeline);
        const times = timeline.flatMap(({ at, lastAt }) => [at, lastAt]);
        expect(times).toEqual([...times].sort());
        for (const { text: words, count, cause } of timeline) {
          expect(words.length).toBeLessThan(350);
          expect(words).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
          expect(cause === null || words.includes(cause)).toBe(true);
          expect(count).toBeGreaterThan(0);
        }
      }),
      { numRuns: runs(60) },
    );
  });

  it('tells of the stream and the registration in turn, as the state has them', async () => {
    await fc.assert(
      fc.asyncProperty(moves, async (given) => {
        let isConnected = false;
        let isRegistered = false;
        const run = await played(given, ({ state, news }) => {
          for (const { news: one } of news.splice(0)) {
            if (one.type === 'connected' || one.type === 'disconnected') {
              expect(isConnected).toBe(one.type === 'disconnected');
              isConnected = !isConnected;
            }
            if (one.type === 'registered') expect(isRegistered).toBe(false);
            if (one.type === 'updated') expect(isRegistered).toBe(true);
            if (one.type === 'registered') isRegistered = true;
          }
          isRegistered &&= state.registered;
          expect(isRegistered).toBe(state.registered);
          if (state.leaving !== 'left') expect(isConnected).toBe(state.connected);
        });
        const phases = run.timeline.map(({ type }) => type);
        expect(phases.filter((type) => type === 'started').length).toBeLessThanOrEqual(1);
        expect(phases.filter((type) => type === 'stopped')).toHaveLength(
          run.state.leaving === 'left' ? 1 : 0,
        );
      }),
      { numRuns: runs(60) },
    );
  });

  it('tells of a leave once, and of nothing but errors after its end', async () => {
    await fc.assert(
      fc.asyncProperty(moves, moves, async (given, late) => {
        const run = await played(given);
        run.play(leave);
        run.play(deadline);
        expect(run.state.leaving).toBe('left');
        const shutdowns = run.news.filter(
          ({ news }) => news.type === 'draining' && news.reason === 'shutdown',
        );
        expect(shutdowns).toHaveLength(1);
        run.news.splice(0);
        for (const [next] of late) run.play(next(run.state));
        expect(run.news.filter(({ news }) => news.type !== 'error')).toEqual([]);
      }),
      { numRuns: runs(60) },
    );
  });
});
