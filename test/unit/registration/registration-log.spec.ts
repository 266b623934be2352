import { describe, expect, it } from '@jest/globals';
import { type AgentKind, SIDECAR_AGENT } from '../../../lib/agent/connection/agent-kind.js';
import type { DrainSnapshot } from '../../../lib/in-flight/drain-traffic.js';
import { SidecarAgentError } from '../../../lib/errors/sidecar-agent.error.js';
import { WatchError } from '../../../lib/errors/watch.error.js';
import type { RegistrationEvent } from '../../../lib/registration/machine/registration-event.js';
import { RegistrationLog } from '../../../lib/registration/registration-log.js';
import { initialState } from '../../../lib/registration/machine/registration-state.js';
import { transition } from '../../../lib/registration/machine/registration-transition.js';
import { KeptLines } from '../fixtures/kept-lines.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import {
  AT,
  connected,
  deadline,
  disconnected,
  gaveUp,
  leave,
  leaveAtOnce,
  no,
  notRegistered,
  quiet,
  ready,
  remaining,
  refusal,
  UNKNOWN,
  REFUSED,
  requested,
  resumed,
  retryDue,
  updated,
  workers,
  yes,
} from '../fixtures/registration-events.js';

const AGENT = 'http://127.0.0.1:15010';

/** What is logged of each event. */
function linesOfEach(events: readonly RegistrationEvent[], graceful = true, kind?: AgentKind): string[][] {
  const clock = new ManualClock();
  const logger = new KeptLines();
  const log = new RegistrationLog(logger, clock, AGENT, kind);
  let state = initialState({ enabled: true, graceful });
  return events.map((event) => {
    const [after] = transition(state, event);
    log.write(state, event, after);
    state = after;
    return logger.lines.splice(0);
  });
}

const linesOf = (events: readonly RegistrationEvent[], graceful?: boolean, kind?: AgentKind) =>
  linesOfEach(events, graceful, kind).flat();

/** The last event's. */
const lastOf = (events: readonly RegistrationEvent[], graceful?: boolean) =>
  linesOfEach(events, graceful).at(-1);

/** A stream that is lost, or did not come up, as the watch tells it. */
function lost(message = 'the agent ended the event stream'): RegistrationEvent[] {
  const error = new WatchError('watch_stream_closed', message);
  return [{ type: 'lost', error, at: AT }, disconnected];
}

const times = <T>(count: number, make: (index: number) => readonly T[]): T[] =>
  Array.from({ length: count }, (_, index) => make(index)).flat();

/** So many registers that fail, the first being call 1. */
const failures = (count: number) =>
  times(count, (index) => [...(index > 0 ? [retryDue] : []), notRegistered(index + 1)]);

const up = [ready, connected];
const registered = [...up, yes(1, { dialect: 'node', state: 'Serving' })];
const drain = requested({ operation: 'drain', gracePeriod: 7_000 });
const deregister = requested({ operation: 'deregister' });

const CONNECTED = `log: Connected to the sidecar-agent at ${AGENT}`;
const REGISTERED = 'log: Registered auth on port 10500';
const LOST = 'warn: The agent ended the event stream; reconnecting';
const FAILED = 'warn: Register failed: no answer; retrying while connected';
const LEAVING = 'log: Leaving the mesh: auth on port 10500';
const DRAINED = 'log: Drained auth: routers stop sending new calls';
const DEREGISTERED = 'log: Deregistered auth';
const LEFT = 'log: Left the mesh: auth';

describe('RegistrationLog', () => {
  it('tells the life of a service, one line a change', () => {
    expect(linesOf([...registered, connected, yes(2), leave, yes(3), quiet, yes(4), quiet])).toEqual([
      CONNECTED,
      `${REGISTERED} (dialect node, state Serving)`,
      LEAVING,
      DRAINED,
      DEREGISTERED,
      LEFT,
    ]);
  });

  describe('if no register was sent', () => {
    it('tells that there is nothing to deregister', () => {
      expect(linesOf([ready, leave, quiet])).toEqual([
        'log: Stopped: no register was sent, so there is nothing to deregister',
      ]);
    });

    it('says nothing of a service that never started', () => {
      expect(linesOf([leave])).toEqual([]);
    });
  });

  it.each([
    [drain, 1, 'warn: Not drained: 1 other process registers the same instance of auth'],
    [deregister, 2, 'warn: Not deregistered: 2 other processes register the same instance of auth'],
  ])('tells that a manual request is left to others', (request, others, line) => {
    const shared = [ready, workers(3), connected, yes(1, { dialect: 'flat' }), request];
    expect(lastOf([...shared, remaining(others)])).toEqual([line]);
    expect(lastOf([...shared, remaining(0)])).toEqual([]);
  });

  describe('of a register', () => {
    it.each([
      [{}, '(dialect custom)'],
      [{ dialect: 'flat' } as const, '(dialect flat)'],
      [{ dialect: 'node', state: 'Registered' } as const, '(dialect node, state Registered)'],
    ])('tells the answer %j', (answer, words) => {
      expect(lastOf([...up, yes(1, answer)])).toEqual([`${REGISTERED} ${words}`]);
    });

    it('tells that the agent had lost it, and has it again', () => {
      const lost = { ...connected, loss: 'the agent lost the registration' } as const;
      expect(linesOf([...registered, lost, yes(2, { dialect: 'node' }), connected, yes(3)]).slice(2)).toEqual(
        [
          'warn: the agent lost the registration; registering auth again',
          'log: Registered auth again on port 10500 (dialect node, state Serving)',
        ],
      );
      const flapping = times(5, (index) => [lost, yes(index + 2)]);
      expect(linesOf([...registered, ...flapping]).slice(4)).toEqual([
        'warn: the agent lost the registration (4 times in a row); registering auth again',
        'log: Registered auth again on port 10500 (dialect node, state Serving)',
      ]);
      expect(lastOf([...registered, drain, lost])).toEqual([]);
    });

    it('does not tell a replay that changes nothing', () => {
      expect(lastOf([...registered, connected, yes(2)])).toEqual([]);
    });

    it('tells a register on another stream', () => {
      expect(lastOf([...registered, ...lost(), connected, yes(2)])).toEqual([
        'log: Registered auth again on port 10500 (dialect node, state Serving)',
      ]);
    });

    it('tells those on streams that end soon no more often than the streams', () => {
      const flap = (index: number) => [...lost(), connected, yes(index + 2)];
      const again = 'log: Registered auth again on port 10500 (dialect node, state Serving)';
      const often = (flaps: number) =>
        `warn: The agent ended the event stream (${flaps} times in a row); reconnecting`;
      expect(linesOf([...registered, ...times(20, flap)]).slice(2)).toEqual(
        [LOST, often(4), often(16)].flatMap((loss) => [loss, CONNECTED, again]),
      );
    });

    it('tells the 1st, 4th and 16th in a row that is late, and begins anew after one that is not', () => {
      const line =
        'warn: The sidecar-agent has not answered a register within 3000 ms (option requestTimeout); waiting up to 15000 ms';
      const late = (call: number): RegistrationEvent => ({
        type: 'late',
        call,
        waited: 3_000,
        limit: 15_000,
      });
      const answered = (index: number) => [connected, late(index + 1), yes(index + 1)];
      const failed = (index: number) => [retryDue, late(index + 2), notRegistered(index + 2)];
      const told = (events: readonly RegistrationEvent[]) =>
        linesOf(events).filter((each) => each === line).length;
      const counts = [1, 2, 3, 4, 15, 16, 17];
      expect(counts.map((count) => told([ready, ...times(count, answered)]))).toEqual([1, 1, 1, 2, 2, 3, 3]);
      const begun = [...up, notRegistered(1)];
      expect(counts.map((count) => told([...begun, ...times(count, failed)]))).toEqual([1, 1, 1, 2, 2, 3, 3]);
      const inTime = [ready, ...answered(0), connected, yes(2)];
      expect(lastOf([...inTime, connected, late(3)])).toEqual([line]);
      const afterFailure = [...up, late(1), notRegistered(1), retryDue, yes(2)];
      expect(lastOf([...afterFailure, connected, late(3)])).toEqual([line]);
      expect(told([...up, late(7)])).toBe(0);
    });

    it('tells that the agent holds it as draining', () => {
      expect(lastOf([...up, yes(1, { state: 'Draining' })])).toEqual([
        'warn: The agent still holds this instance as Draining; deregistering and registering it again',
      ]);
      expect(lastOf([...up, yes(1, { state: 'Draining' }), yes(2)])).toEqual([]);
    });

    it('does not announce another register if none follows', () => {
      for (const end of [leave, drain, deregister]) {
        expect(lastOf([...up, end, yes(1, { state: 'Draining' })])).toEqual([]);
      }
    });

    it('tells it no more often than other failures if it persists, and anew after a register', () => {
      // Each time it is deregistered, at once the first time, and registered again.
      const round = (index: number): RegistrationEvent[] => [
        yes(2 * index + 1, { state: 'Draining' }),
        ...(index > 0 ? [retryDue] : []),
        yes(2 * index + 2),
      ];
      const toldOf = (count: number) => linesOfEach([...up, ...times(count, round)]).at(count > 1 ? -3 : -2);
      expect([1, 2, 3, 4, 5, 16, 17].map((count) => toldOf(count)?.length)).toEqual([1, 0, 0, 1, 0, 1, 0]);
      const again = [...up, ...times(2, round), yes(5), connected, yes(6, { state: 'Draining' })];
      expect(lastOf(again)).toHaveLength(1);
    });
  });

  describe('of a register that fails', () => {
    it('tells the 1st, 4th, 16th and 64th failure', () => {
      const lines = linesOfEach([...up, ...failures(70)]).filter((each) => each.length > 0);
      expect(lines).toEqual([[CONNECTED], [FAILED], [FAILED], [FAILED], [FAILED]]);
      for (const [count, told] of [1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65].entries()) {
        const isTold = [0, 3, 6, 9].includes(count);
        expect(lastOf([...up, ...failures(told)])).toEqual(isTold ? [FAILED] : []);
      }
    });

    it('tells when it succeeds, and after how many failures', () => {
      expect(lastOf([...up, ...failures(5), retryDue, yes(6)])).toEqual([
        `${REGISTERED} after 5 failed registers (dialect custom)`,
      ]);
    });

    it('begins to count anew', () => {
      const again = [...up, ...failures(5), retryDue, yes(6), connected, notRegistered(7)];
      expect(lastOf(again)).toEqual([FAILED]);
      expect(lastOf([...again, retryDue, yes(8)])).toEqual([
        'log: Registered auth again on port 10500 after 1 failed register (dialect custom)',
      ]);
    });

    it('does not announce a retry if none follows', () => {
      const failed = 'warn: Register failed: no answer';
      expect(lastOf([...up, drain, notRegistered(1)])).toEqual([failed]);
      expect(lastOf([...up, leave, notRegistered(1)])).toEqual([failed]);
    });
  });

  describe('of a stream', () => {
    it('tells the 1st, 4th, 16th and 64th loss', () => {
      const told = [ready, ...times(70, () => lost())];
      expect(linesOf(told)).toEqual([LOST, LOST, LOST, LOST]);
      for (const count of [1, 4, 16, 64]) {
        expect(linesOfEach([ready, ...times(count, () => lost())]).at(-2)).toEqual([LOST]);
        expect(linesOfEach([ready, ...times(count + 1, () => lost())]).at(-2)).toEqual([]);
      }
    });

    it('tells when it is open again, and after how many failed attempts', () => {
      expect(lastOf([ready, ...times(20, () => lost()), connected])).toEqual([
        `${CONNECTED} after 20 failed attempts`,
      ]);
      expect(lastOf([ready, ...times(2, () => lost()), connected])).toEqual([
        `${CONNECTED} after 2 failed attempts`,
      ]);
      expect(lastOf([...registered, ...lost(), connected])).toEqual([CONNECTED]);
    });

    it('counts the attempts, and not the loss before them', () => {
      expect(lastOf([...registered, ...lost(), ...lost(), connected])).toEqual([
        `${CONNECTED} after 1 failed attempt`,
      ]);
    });

    it('begins to count anew', () => {
      const again = [ready, ...times(20, () => lost()), connected, ...lost()];
      expect(linesOfEach(again).at(-2)).toEqual([LOST]);
    });

    it('does not tell a loss once the service leaves', () => {
      expect(linesOf([...registered, leave, ...lost()]).at(-1)).toBe(LEAVING);
    });

    it('begins a line with a capital letter', () => {
      expect(linesOf([ready, ...lost('no sidecar-agent at all')])).toEqual([
        'warn: No sidecar-agent at all; reconnecting',
      ]);
    });
  });

  describe('of a manual drain and deregister', () => {
    it.each([
      ['a drain', [...registered, drain, yes(2)], DRAINED],
      ['a deregister', [...registered, deregister, yes(2)], DEREGISTERED],
      ['a drain that fails', [...registered, drain, no(2)], 'warn: Drain failed: no answer'],
      [
        'a refusal',
        [...registered, deregister, no(2, refusal(500))],
        'warn: Deregister failed: POST /drain answered 500',
      ],
      [
        'an unknown instance',
        [...registered, deregister, no(2, UNKNOWN)],
        'warn: Deregister failed: POST /drain answered 400: local service not found: auth:10500; treated as done, since the agent does not know this instance',
      ],
    ])('tells %s', (_what, events, line) => {
      expect(lastOf(events)).toEqual([line]);
    });
  });

  it('tells that it is resumed, once', () => {
    expect(lastOf([...registered, drain, yes(2), resumed])).toEqual(['log: Resuming auth']);
    expect(lastOf([...registered, drain, yes(2), resumed, resumed])).toEqual([]);
    expect(lastOf([...registered, resumed])).toEqual([]);
    expect(lastOf([drain, resumed])).toEqual(['log: Resuming the service']);
  });

  it('tells an update when the agent has taken it', () => {
    expect(linesOf([...registered, updated]).filter((line) => line.includes('Updated'))).toEqual([]);
    expect(lastOf([...registered, updated, yes(2)])).toEqual([
      'log: Updated auth: weight 10, 3 methods, 1 route',
    ]);
    expect(lastOf([...registered, updated, yes(2), connected, yes(3)])).toEqual([]);
  });

  describe('of a leave', () => {
    it('tells a drain and a deregister that fail', () => {
      const failing = [...registered, leave, no(2), quiet, no(3), gaveUp, quiet];
      expect(linesOf(failing).slice(2)).toEqual([
        LEAVING,
        'warn: Drain failed: no answer',
        'warn: Deregister failed: no answer',
        'warn: Not deregistered after 1 failed try: the agent may still list auth',
        LEFT,
      ]);
    });

    it('tells in one line that no agent was there', () => {
      const failing = [...registered, leave, no(2, REFUSED), retryDue, no(3, REFUSED), quiet];
      const given = [...failing, no(4, REFUSED), retryDue, no(5, REFUSED), gaveUp, quiet];
      const told = (tries: string) =>
        `warn: Not deregistered after ${tries}: the agent may still list auth. The last error: no agent`;
      expect(linesOf(given).slice(2)).toEqual([LEAVING, told('2 failed tries'), LEFT]);
      expect(linesOf([...failing, deadline]).slice(2)).toEqual([
        LEAVING,
        told('2 failed tries'),
        'warn: shutdownTimeout reached; closing remaining connections',
        LEFT,
      ]);
      expect(linesOf([...registered, leaveAtOnce, no(2, REFUSED), deadline]).slice(2, 4)).toEqual([
        LEAVING,
        told('1 failed try'),
      ]);
    });

    it('tells after how many tries the agent was there', () => {
      const begun = [...registered, leave, no(2, REFUSED), retryDue];
      expect(linesOf([...begun, no(3, REFUSED), retryDue, yes(4), quiet, yes(5), quiet]).slice(2)).toEqual([
        LEAVING,
        'log: Drained auth after 2 failed tries: routers stop sending new calls',
        DEREGISTERED,
        LEFT,
      ]);
      const late = [...begun, no(3, REFUSED), quiet, no(4, REFUSED), retryDue, yes(5)];
      expect(lastOf(late)).toEqual([`${DEREGISTERED} after 3 failed tries`]);
    });

    it('tells of the agent that was not there before another failure', () => {
      const failing = [...registered, leave, no(2, REFUSED), quiet, no(3, refusal(500)), gaveUp, quiet];
      expect(linesOf(failing).slice(2)).toEqual([
        LEAVING,
        'warn: Drain failed: no agent',
        'warn: Deregister failed: POST /drain answered 500',
        'warn: Not deregistered after 1 failed try: the agent may still list auth',
        LEFT,
      ]);
    });

    it('tells of the agent that was not there if the service is left to a process that joined', () => {
      const shared = [ready, workers(1), connected, yes(1, { dialect: 'flat' })];
      const failing = [...shared, leave, remaining(0), no(2, REFUSED), retryDue, no(3, REFUSED)];
      expect(linesOf([...failing, quiet, remaining(1)]).slice(2)).toEqual([
        LEAVING,
        'warn: Drain failed: no agent',
        `${LEFT} is served by 1 other process on port 10500`,
      ]);
    });

    it('tells how long routers took to learn of the drain', () => {
      const left = (drain: DrainSnapshot, isCut = false) =>
        lastOf([
          ...[...registered, leave, yes(2)],
          ...[{ type: 'quiet', outcome: { drain, isCut } } as const, yes(3), quiet],
        ]);
      const seen = { startedAt: AT, lastCallAt: AT + 5_437, callsSince: 312, quietFor: 2_000 };
      expect(left(seen)).toEqual([`${LEFT} (312 calls arrived after the drain, the last one after 5.4 s)`]);
      expect(left({ ...seen, lastCallAt: null, callsSince: 0 })).toEqual([
        `${LEFT} (no call arrived after the drain)`,
      ]);
      expect(left({ ...seen, quietFor: 1_999 })).toEqual([expect.stringMatching(/^log: Left/)]);
      expect(left(seen, true)).toEqual([expect.stringMatching(/^log: Left/)]);
      expect(left({ ...seen, callsSince: 0, lastCallAt: null, quietFor: 0 }, true)).toEqual([
        expect.stringMatching(/^log: Left/),
      ]);
      expect(left({ ...seen, quietFor: 1_999 }, true)).toEqual([
        'warn: Left the mesh: auth, though callers go on (312 calls arrived after the drain, the last one ' +
          'after 5.4 s): they do not follow the agent, or learn later than the service may serve on',
      ]);
    });

    it('tells that shutdownTimeout is reached if only a first register was sent', () => {
      expect(lastOf([...up, leave, deadline])).toEqual([
        'warn: shutdownTimeout reached; closing remaining connections',
        LEFT,
      ]);
    });

    it('tells that shutdownTimeout is reached', () => {
      expect(lastOf([...registered, leave, deadline])).toEqual([
        'warn: shutdownTimeout reached; closing remaining connections',
        LEFT,
      ]);
    });

    it('tells it once', () => {
      expect(lastOf([...registered, leave, leave])).toEqual([]);
      expect(linesOf([...registered, leave, yes(2), connected], false).slice(2)).toEqual([
        LEAVING,
        DEREGISTERED,
        LEFT,
      ]);
    });
  });

  it('tells any other error as one', () => {
    const error = new SidecarAgentError('runtime_error', 'cannot close');
    expect(lastOf([{ type: 'error', error, at: AT }])).toEqual(['error: cannot close']);
  });
});

describe('RegistrationLog, of an agent of another kind', () => {
  const kind: AgentKind = { ...SIDECAR_AGENT, name: 'Consul agent', instanceId: () => 'auth-10500' };
  const answer = { state: 'Registered', instanceId: 'auth-10500' };
  const late: RegistrationEvent = { type: 'late', call: 1, waited: 3_000, limit: 15_000 };
  const elsewhere = [...up, yes(1, answer), connected, yes(2, { state: 'Draining' })];

  it.each<[string, readonly RegistrationEvent[], string]>([
    ['its name and its address', up, `log: Connected to the Consul agent at ${AGENT}`],
    [
      'its id of the instance, in place of a dialect',
      [...up, yes(1, answer)],
      `${REGISTERED} (instance auth-10500, state Registered)`,
    ],
    [
      'its name if it is late',
      [...up, late],
      'warn: The Consul agent has not answered a register within 3000 ms',
    ],
    [
      'its name if another client has drained',
      elsewhere,
      'warn: Another client of the Consul agent has drained auth',
    ],
  ])('tells %s', (_what, events, line) => {
    expect(linesOf(events, true, kind)).toContainEqual(expect.stringContaining(line));
  });
});
