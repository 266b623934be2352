import { describe, expect, it } from '@jest/globals';
import fc, { runs } from '../../../support/fast-check.js';
import { SidecarAgentError } from '../../../../lib/errors/sidecar-agent.error.js';
import { WatchError } from '../../../../lib/errors/watch.error.js';
import type { RegistrationEvent } from '../../../../lib/registration/machine/registration-event.js';
import {
  AT,
  CONFLICT,
  connected,
  deadline,
  disconnected,
  gaveUp,
  inherited,
  leave,
  leaveAtOnce,
  LOST_LEASE,
  ready,
  reassertDue,
  recalled,
  resumed,
  retryDue,
  SECOND,
  SILENCE,
  UNKNOWN,
  updated,
  workers,
} from '../../fixtures/registration-events.js';
import { type Move, RegistrationRun } from '../../fixtures/registration-run.js';

const happen = (event: RegistrationEvent): Move => ({ do: 'happen', event });

const answer = fc.record({
  do: fc.constant('answer' as const),
  answer: fc.record(
    {
      state: fc.constantFrom('Registered', 'Serving', 'Draining', 'Deregistered'),
      dialect: fc.constantFrom('node', 'flat'),
      instanceId: fc.constantFrom('auth-1', 'auth-10500'),
    },
    { requiredKeys: [] },
  ),
});
const failure = fc.record({
  do: fc.constant('fail' as const),
  cause: fc.constantFrom(SILENCE, UNKNOWN, CONFLICT, LOST_LEASE),
});
const off = fc.constantFrom(-2, -1, 1, 2);

const error = new SidecarAgentError('runtime_error', 'something else');
const loss = new WatchError('watch_stream_closed', 'gone');

/** All that can happen while the service runs, the more usual more often. */
const running: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(happen(connected)) },
  { weight: 3, arbitrary: fc.constant(happen(disconnected)) },
  { weight: 6, arbitrary: answer },
  { weight: 4, arbitrary: failure },
  { weight: 3, arbitrary: fc.constant(happen(retryDue)) },
  { weight: 1, arbitrary: fc.constant(happen(ready)) },
  { weight: 1, arbitrary: fc.constant(happen(updated)) },
  { weight: 1, arbitrary: fc.constant(happen({ type: 'ready', node: SECOND })) },
  { weight: 1, arbitrary: fc.constant(happen({ ...ready, isLeftOver: true })) },
  { weight: 1, arbitrary: fc.tuple(answer, off).map(([move, by]): Move => ({ ...move, off: by })) },
  { weight: 1, arbitrary: fc.tuple(failure, off).map(([move, by]): Move => ({ ...move, off: by })) },
  { weight: 1, arbitrary: fc.constantFrom<Move[]>(happen(reassertDue), happen(recalled)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Move[]>(
      { do: 'skip' },
      happen({ type: 'late', call: 1, waited: 3_000, limit: 15_000 }),
      happen({ type: 'lost', error: loss, at: AT }),
      happen(workers(1)),
      happen(workers(3)),
      happen(inherited()),
      happen(inherited({ ofInstance: true, dialect: 'node', mayLand: true })),
      happen({ type: 'scheduled', nextRetryAt: AT + 500 }),
      happen({ type: 'error', error, at: AT }),
    ),
  },
);
const count = fc
  .tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }))
  .map(([onPort, of]): Move => ({ do: 'count', onPort, ofInstance: Math.min(onPort, of) }));
const request = fc.constantFrom<Move[]>(
  { do: 'request', operation: 'drain' },
  { do: 'request', operation: 'deregister' },
);
const anything: fc.Arbitrary<Move> = fc.oneof(
  { weight: 20, arbitrary: running },
  { weight: 2, arbitrary: request },
  { weight: 2, arbitrary: fc.constant(happen(resumed)) },
  { weight: 1, arbitrary: fc.constant(happen(leave)) },
  { weight: 1, arbitrary: fc.constant(happen(leaveAtOnce)) },
  { weight: 1, arbitrary: fc.constant<Move>({ do: 'quiet' }) },
  { weight: 1, arbitrary: count },
  { weight: 1, arbitrary: fc.constant(happen(deadline)) },
  { weight: 1, arbitrary: fc.constant(happen(gaveUp)) },
);

const rules = fc.record({
  enabled: fc.oneof(
    { weight: 9, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  graceful: fc.boolean(),
});
const start = fc.constantFrom<Move[][]>(
  [],
  [happen(ready)],
  [happen({ ...ready, isLeftOver: true })],
  [happen(ready), happen(connected)],
);
const movesOf = (move: fc.Arbitrary<Move>) => fc.array(move, { maxLength: 40, size: 'max' });

const RUNS = { numRuns: runs(1_000) };

/**
 * A call and a quiet for each step of the longest leave, and a call that was in flight when it
 * began.
 */
const LONGEST_LEAVE = 5;

describe('transition, of any sequence of events', () => {
  it('keeps its promises while the service runs', () => {
    fc.assert(
      fc.property(rules, start, movesOf(running), (given, first, moves) => {
        const run = new RegistrationRun(given);
        for (const move of [...first, ...moves]) run.play(move);
        expect(run.left).toBe(0);
      }),
      RUNS,
    );
  });

  it('keeps its promises whatever is asked of it, and when it leaves', () => {
    fc.assert(
      fc.property(rules, start, movesOf(anything), (given, first, moves) => {
        const run = new RegistrationRun(given);
        for (const move of [...first, ...moves]) run.play(move);
      }),
      RUNS,
    );
  });

  it('leaves within five answers, if each call is answered and each wait is over', () => {
    const between = fc.array(fc.oneof(running, request), { maxLength: 3 });
    const outcomes = fc.array(fc.tuple(fc.oneof(answer, failure), count, between), {
      minLength: LONGEST_LEAVE,
      maxLength: LONGEST_LEAVE,
    });
    fc.assert(
      fc.property(rules, start, movesOf(anything), outcomes, (given, first, moves, ends) => {
        const run = new RegistrationRun(given);
        for (const move of [...first, ...moves, happen(leave)]) run.play(move);
        for (const [end, counted, others] of ends) {
          for (const move of others) run.play(move);
          if (run.counting) run.play(counted);
          run.play(run.quiescing ? { do: 'quiet' } : end);
          // Nothing is repeated: each repeat would make the leave one answer longer.
          if (run.state.waiting) run.play(happen(gaveUp));
        }
        expect(run.left).toBe(1);
        expect(run.state).toMatchObject({ phase: 'stopped', connected: false, registered: false });
      }),
      RUNS,
    );
  });

  it('has left when the deadline is over, wherever it stood', () => {
    fc.assert(
      fc.property(rules, start, movesOf(anything), movesOf(anything), (given, first, moves, late) => {
        const run = new RegistrationRun(given);
        for (const move of [...first, ...moves, happen(leave), happen(deadline)]) run.play(move);
        expect(run.left).toBe(1);
        for (const move of late) run.play(move);
        expect(run.left).toBe(1);
      }),
      RUNS,
    );
  });

  it('registers in the end, if it is resumed and the agent does not refuse', () => {
    fc.assert(
      fc.property(start, movesOf(fc.oneof(running, request)), (first, moves) => {
        const run = new RegistrationRun({ enabled: true, graceful: true });
        for (const move of [...first, ...moves, happen(ready), happen(resumed), happen(connected)])
          run.play(move);
        if (run.counting) run.play({ do: 'count', onPort: 1, ofInstance: 0 });
        for (let left = 5; left > 0 && (run.call !== null || run.state.waiting); left -= 1) {
          run.play(run.call ? { do: 'answer', answer: {} } : happen(retryDue));
        }
        expect(run.state.phase).toBe('registered');
      }),
      RUNS,
    );
  });
});
