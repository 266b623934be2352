import { describe, expect, it } from '@jest/globals';
import { RegisterReplayError } from '../../../../lib/errors/register-replay.error.js';
import { SidecarAgentError } from '../../../../lib/errors/sidecar-agent.error.js';
import { WatchError } from '../../../../lib/errors/watch.error.js';
import type { ServiceNode } from '../../../../lib/service/service-node.js';
import type { RegistrationEvent } from '../../../../lib/registration/machine/registration-event.js';
import {
  initialState,
  phaseOf,
  type RegistrationState,
} from '../../../../lib/registration/machine/registration-state.js';
import { transition } from '../../../../lib/registration/machine/registration-transition.js';
import type { RegistrationPhase } from '../../../../lib/status/registration-phase.js';
import {
  after,
  AT,
  CONFLICT,
  connected,
  deadline,
  disconnected,
  FIRST,
  gaveUp,
  inWords,
  leave,
  leaveAtOnce,
  LOST_LEASE,
  LOST_LEASE_OF_NODE,
  no,
  notRegistered,
  quiet,
  ready,
  reassertDue,
  recalled,
  refusal,
  REFUSED,
  requested,
  resumed,
  retryDue,
  SECOND,
  THIRD,
  UNKNOWN,
  unsent,
  updated,
  workers,
  yes,
} from '../../fixtures/registration-events.js';

/** What happens, the phase it leads to, and the commands of the last event. */
type Row = [what: string, events: readonly RegistrationEvent[], phase: RegistrationPhase, commands: string[]];

const readyLeftOver: RegistrationEvent = { ...ready, isLeftOver: true };
const readyWith = (node: ServiceNode): RegistrationEvent => ({ type: 'ready', node });
const drain = requested({ operation: 'drain', gracePeriod: 7_000 });
const deregister = requested({ operation: 'deregister' });
const unknown = UNKNOWN;
const broken = refusal(500);
const draining = { state: 'Draining' };

/** A register of a service without methods, at an agent of the dialect flat. */
const UNWRITTEN = new SidecarAgentError('runtime_error', 'it needs at least one gRPC method');

/** A register with a client of the user's. */
const FOREIGN = new RegisterReplayError(new Error('no idea'));

const up = [ready, connected];
const registered = [...up, yes(1)];
const waiting = [...up, notRegistered(1)];

function table(rows: readonly Row[], rules: Parameters<typeof after>[1] = {}): void {
  it.each(rows)('%s', (_what, events, phase, commands) => {
    const { state, commands: found } = after(events, rules);
    expect({ phase: state.phase, commands: found.map(inWords) }).toEqual({ phase, commands });
    expect(phaseOf(state)).toBe(phase);
  });
}

describe('transition', () => {
  describe('when the application starts', () => {
    table([
      ['nothing has happened', [], 'starting', []],
      ['ready begins to watch', [ready], 'connecting', ['watch']],
      ['ready again changes nothing', [ready, ready], 'connecting', []],
      ['a drop that was none changes nothing', [ready, disconnected], 'connecting', []],
      ['connected registers', up, 'registering', ['register 1']],
      ['connected before ready has to wait', [connected], 'starting', []],
      ['and then registers at once', [connected, ready], 'registering', ['watch', 'register 1']],
    ]);
  });

  describe('when it registers', () => {
    table([
      ['yes makes it registered', registered, 'registered', ['confirm']],
      ['no makes it wait', waiting, 'registering', ['retry after 1']],
      [
        'an unknown instance is no yes here',
        [...up, notRegistered(1, unknown)],
        'registering',
        ['retry after 1'],
      ],
      ['it tries again when the wait is over', [...waiting, retryDue], 'registering', ['register 2']],
      ['and waits longer', [...waiting, retryDue, notRegistered(2)], 'registering', ['retry after 2']],
      ['until the agent says yes', [...waiting, retryDue, yes(2)], 'registered', ['confirm']],
      ['connected does not cut the wait short', [...waiting, connected], 'registering', []],
      ['a wait that is over twice is over once', [...waiting, retryDue, retryDue], 'registering', []],
      ['the end of no wait changes nothing', [...registered, retryDue], 'registered', []],
      ['connected in flight has to wait', [...up, connected], 'registering', []],
      [
        'and asks for one more register, not three',
        [...up, connected, connected, connected, yes(1)],
        'registered',
        ['confirm', 'register 2'],
      ],
      ['after which there is none', [...up, connected, connected, yes(1), yes(2)], 'registered', ['confirm']],
      [
        'which waits if the one in flight fails',
        [...up, connected, notRegistered(1)],
        'registering',
        ['retry after 1'],
      ],
      [
        'and is then no more than the repeated one',
        [...up, connected, notRegistered(1), retryDue, yes(2)],
        'registered',
        ['confirm'],
      ],
      ['connected again replays it', [...registered, connected], 'registered', ['register 2']],
      [
        'a replay that fails is no registration',
        [...registered, connected, notRegistered(2)],
        'registering',
        ['retry after 1'],
      ],
      [
        'whose wait is short again after a yes',
        [...waiting, retryDue, yes(2), connected, notRegistered(3)],
        'registering',
        ['retry after 1'],
      ],
      ['an answer to another call is none', [...up, yes(0)], 'registering', []],
      ['a failure of another call is none', [...up, no(2)], 'registering', []],
      ['an answer that comes twice is one', [...registered, yes(1)], 'registered', []],
      ['a failure after the answer is none', [...registered, no(1)], 'registered', []],
    ]);

    it.each(['Init', 'Registered', 'Serving', 'Anything', undefined])(
      'takes the state %s for yes',
      (state) => {
        expect(after([...up, yes(1, { state })]).state.phase).toBe('registered');
      },
    );
  });

  describe('when an accepted register is due again', () => {
    table([
      ['it is sent', [...registered, reassertDue], 'registered', ['register 2']],
      ['a yes changes nothing', [...registered, reassertDue, yes(2)], 'registered', ['confirm']],
      [
        'a no is a failed register',
        [...registered, reassertDue, notRegistered(2)],
        'registering',
        ['retry after 1'],
      ],
      [
        'a call in flight is enough',
        [...registered, connected, reassertDue, yes(2)],
        'registered',
        ['confirm'],
      ],
      ['what waits for a retry waits on', [...waiting, reassertDue], 'registering', []],
      ['nothing is sent without a stream', [...registered, disconnected, reassertDue], 'connecting', []],
      [
        'nothing is sent after a manual drain',
        [...registered, requested({ operation: 'drain' }), yes(2), reassertDue],
        'draining',
        [],
      ],
      ['nothing is sent in a leave', [...registered, leave, yes(2), reassertDue], 'draining', []],
    ]);
  });

  describe('when the lease is lost', () => {
    const lost = [...registered, connected, notRegistered(2, LOST_LEASE)];
    table([
      ['it is deregistered', lost, 'registering', ['deregister 3']],
      ['and registered', [...lost, yes(3)], 'registering', ['register 4']],
      [
        'at the first register of a process, too',
        [...up, notRegistered(1, LOST_LEASE)],
        'registering',
        ['deregister 2'],
      ],
      ['once', [...lost, yes(3), notRegistered(4, LOST_LEASE)], 'registering', ['retry after 2']],
      [
        'until a register has succeeded',
        [...lost, yes(3), yes(4), connected, notRegistered(5, LOST_LEASE)],
        'registering',
        ['deregister 6'],
      ],
      ['a deregister that fails is no end', [...lost, no(3)], 'registering', ['retry after 2']],
      ['which is followed by a plain register', [...lost, no(3), retryDue], 'registering', ['register 4']],
      [
        'in the dialect flat only',
        [...up, notRegistered(1, LOST_LEASE_OF_NODE)],
        'registering',
        ['retry after 1'],
      ],
      [
        'not if it leaves',
        [...registered, connected, leave, notRegistered(2, LOST_LEASE)],
        'draining',
        ['drain 3'],
      ],
      [
        'nor if the stream is another one',
        [...registered, connected, disconnected, connected, notRegistered(2, LOST_LEASE)],
        'registering',
        ['register 3'],
      ],
      [
        'nor if it was taken out meanwhile, so that the next loss is cured',
        [
          ...[...registered, connected, deregister, notRegistered(2, LOST_LEASE), yes(3), resumed],
          notRegistered(4, LOST_LEASE),
        ],
        'registering',
        ['deregister 5'],
      ],
    ]);
  });

  describe('when a change is refused for good', () => {
    const refused = [...registered, updated, notRegistered(2, CONFLICT)];
    table([
      ['the last accepted node is registered again', refused, 'registering', ['register 3']],
      ['until it is', [...refused, yes(3)], 'registered', ['confirm']],
      ['or not', [...refused, notRegistered(3, CONFLICT)], 'registering', ['retry after 1']],
      ['a first register is repeated', [...up, notRegistered(1, CONFLICT)], 'registering', ['retry after 1']],
      [
        'a newer change is tried first',
        [...registered, updated, { type: 'updated', node: THIRD }, notRegistered(2, CONFLICT)],
        'registering',
        ['register 3'],
      ],
      [
        'any other failure is repeated',
        [...registered, updated, notRegistered(2)],
        'registering',
        ['retry after 1'],
      ],
    ]);

    it('tells which change it was, and which node is in its place', () => {
      const { state } = after(refused);
      expect(state.refusal).toMatchObject({ revision: 2, error: { cause: CONFLICT } });
      expect(state).toMatchObject({ node: FIRST, revision: 3, weight: FIRST.service.weight });
    });

    it('registers the newest change, not the one before', () => {
      const events = [
        ...registered,
        updated,
        { type: 'updated', node: THIRD } as const,
        notRegistered(2, CONFLICT),
      ];
      expect(after(events).commands).toMatchObject([{ type: 'register', node: THIRD }]);
    });
  });

  describe('when another client drains it', () => {
    const drained = [...registered, reassertDue, yes(2, { state: 'Draining' })];
    table([
      ['it is left alone', drained, 'draining', []],
      ['on the next stream as well', [...drained, disconnected, connected], 'draining', []],
      ['until it is resumed', [...drained, resumed], 'registering', ['deregister 3']],
      ['and registered', [...drained, resumed, yes(3)], 'registering', ['register 4']],
      ['it deregisters when it leaves', [...drained, leave, quiet], 'deregistering', ['deregister 3']],
      [
        'no register in doubt is left, so an unknown instance ends the leave',
        [
          ...[...registered, reassertDue, notRegistered(2), retryDue, yes(3, draining)],
          ...[leave, quiet, no(4, unknown)],
        ],
        'deregistering',
        ['quiesce for nothing before the close'],
      ],
      [
        'a drain of a process on the port is undone',
        [...registered, recalled, yes(2, { state: 'Draining' })],
        'registering',
        ['deregister 3'],
      ],
      ['even if it was seen before', [...drained, recalled], 'registering', ['deregister 3']],
      [
        'and so is one of its own that is not wanted any more',
        [...registered, requested({ operation: 'drain' }), no(2), resumed, yes(3, { state: 'Draining' })],
        'registering',
        ['deregister 4'],
      ],
      [
        'a deregister of its own that failed has drained nothing',
        [...registered, deregister, no(2, broken), resumed, yes(3, draining)],
        'draining',
        [],
      ],
    ]);
  });

  describe('when a replay is held back', () => {
    it.each([
      ['a repeated connected', [...registered, connected], true],
      ['a new stream', [...registered, disconnected, connected], false],
      ['the first register', up, false],
      ['a change', [...registered, updated], false],
      ['a retry', [...registered, connected, notRegistered(2), retryDue], false],
      ['the register of a cure', [...registered, connected, notRegistered(2, LOST_LEASE), yes(3)], false],
      ['the register of a roll-back', [...registered, updated, notRegistered(2, CONFLICT)], false],
    ])('%s: %#', (_what, events, isReplay) => {
      expect(after(events).commands).toMatchObject([{ type: 'register', isReplay }]);
    });

    table([
      ['a leave goes on without it', [...registered, connected, leave, unsent(2)], 'draining', ['drain 3']],
      [
        'a manual drain goes on without it',
        [...registered, connected, requested({ operation: 'drain' }), unsent(2)],
        'draining',
        ['drain 3'],
      ],
      ['another call is none of it', [...registered, connected, unsent(7)], 'registered', []],
      ['so that its answer counts', [...registered, updated, unsent(7), yes(2)], 'registered', ['confirm']],
    ]);
  });

  describe('when the agent holds it as draining', () => {
    const leftOver = [...up, yes(1, draining)];
    const again = [...leftOver, yes(2), yes(3, draining)];
    table([
      ['it is deregistered', leftOver, 'registering', ['deregister 2']],
      [
        'also if it is deregistered already',
        [...up, yes(1, { state: 'Deregistered' })],
        'registering',
        ['deregister 2'],
      ],
      ['and registered again', [...leftOver, yes(2)], 'registering', ['register 3']],
      ['also if the agent forgot it meanwhile', [...leftOver, no(2, unknown)], 'registering', ['register 3']],
      ['until the agent says yes', [...leftOver, yes(2), yes(3)], 'registered', ['confirm']],
      ['the second time it waits', again, 'registering', ['retry after 2']],
      ['and then deregisters', [...again, retryDue], 'registering', ['deregister 4']],
      ['and registers', [...again, retryDue, yes(4)], 'registering', ['register 5']],
      ['a deregister that fails waits', [...leftOver, no(2, broken)], 'registering', ['retry after 2']],
      ['and is tried again', [...leftOver, no(2, broken), retryDue], 'registering', ['deregister 3']],
      [
        'connected in between asks for nothing more',
        [...leftOver, connected, yes(2), yes(3)],
        'registered',
        ['confirm'],
      ],
      ['a drop in between waits for the stream', [...leftOver, disconnected, yes(2)], 'connecting', []],
      [
        'and registers over the next',
        [...leftOver, disconnected, yes(2), connected],
        'registering',
        ['register 3'],
      ],
      [
        'a deregister that fails after a drop is tried on the next stream',
        [...leftOver, disconnected, no(2, broken), connected],
        'registering',
        ['deregister 3'],
      ],
    ]);
  });

  describe('when the stream drops', () => {
    const dropped = [...up, disconnected, connected];
    table([
      ['it is not registered', [...registered, disconnected], 'connecting', []],
      [
        'the next stream registers it',
        [...registered, disconnected, connected],
        'registering',
        ['register 2'],
      ],
      ['a wait ends', [...waiting, disconnected], 'connecting', ['cancelRetry']],
      [
        'and the next stream does not wait',
        [...waiting, disconnected, connected],
        'registering',
        ['register 2'],
      ],
      [
        'failures count from one again',
        [...waiting, retryDue, notRegistered(2), disconnected, connected, notRegistered(3)],
        'registering',
        ['retry after 1'],
      ],
      ['a register in flight goes on', dropped, 'registering', []],
      ['its yes says nothing of the new stream', [...dropped, yes(1)], 'registering', ['register 2']],
      ['nor does its no', [...dropped, notRegistered(1)], 'registering', ['register 2']],
      ['its yes while there is no stream changes nothing', [...up, disconnected, yes(1)], 'connecting', []],
      [
        'its no while there is no stream has to wait',
        [...up, disconnected, notRegistered(1)],
        'connecting',
        [],
      ],
      ['what was due is due no more', [...up, connected, disconnected, yes(1)], 'connecting', []],
    ]);
  });

  describe('of the dialect', () => {
    const flat = [...up, yes(1, { dialect: 'flat' })];
    table([
      ['the stream keeps the one that succeeded', [...flat, connected], 'registered', ['register 2 as flat']],
      ['the next stream finds out anew', [...flat, disconnected, connected], 'registering', ['register 2']],
      [
        'a late answer is no word of the new agent',
        [...up, disconnected, connected, yes(1, { dialect: 'flat' })],
        'registering',
        ['register 2'],
      ],
      ['leaving speaks the last one', [...flat, disconnected, leave], 'draining', ['drain 2 as flat']],
      [
        'and so does a manual deregister',
        [...flat, disconnected, deregister],
        'deregistering',
        ['deregister 2 as flat'],
      ],
      [
        'a failed register does not unlearn it',
        [...flat, connected, notRegistered(2), retryDue],
        'registering',
        ['register 3 as flat'],
      ],
    ]);
  });

  describe('when it is drained manually', () => {
    table([
      ['the agent is told', [...registered, drain], 'draining', ['drain 2 for 7000 ms']],
      ['and that is done with its yes', [...registered, drain, yes(2)], 'draining', ['settled drain']],
      [
        'or if the agent does not know it',
        [...registered, drain, no(2, unknown)],
        'draining',
        ['settled drain'],
      ],
      [
        'a refusal is told',
        [...registered, drain, no(2, broken)],
        'draining',
        ['settled drain with sidecar_api'],
      ],
      [
        'silence is told',
        [...registered, drain, no(2)],
        'draining',
        ['settled drain with sidecar_connection'],
      ],
      ['no call is made if nothing was sent', [ready, drain], 'draining', ['settled drain']],
      ['nor before the start', [drain], 'draining', ['settled drain']],
      ['and the start begins to watch all the same', [drain, ready], 'draining', ['watch']],
      [
        'what may have landed is drained',
        [...waiting, drain],
        'draining',
        ['cancelRetry', 'drain 2 for 7000 ms'],
      ],
      ['a register in flight is awaited', [...up, drain], 'draining', []],
      ['and drained then', [...up, drain, yes(1)], 'draining', ['drain 2 for 7000 ms']],
      ['also if it failed', [...up, drain, notRegistered(1)], 'draining', ['drain 2 for 7000 ms']],
      ['twice needs one call', [...registered, drain, yes(2), drain], 'draining', ['settled drain']],
      ['in flight, the second has to wait', [...registered, drain, drain], 'draining', []],
      [
        'and both are done with one yes',
        [...registered, drain, drain, yes(2)],
        'draining',
        ['settled drain', 'settled drain'],
      ],
      [
        'a refusal is the first one’s alone',
        [...registered, drain, drain, no(2)],
        'draining',
        ['settled drain with sidecar_connection', 'drain 3 for 7000 ms'],
      ],
      ['connected brings it not back', [...registered, drain, yes(2), connected], 'draining', []],
      ['nor does the next stream', [...registered, drain, yes(2), disconnected, connected], 'draining', []],
      ['nor does the end of a wait', [...waiting, drain, yes(2), retryDue], 'draining', []],
    ]);
  });

  describe('when it is deregistered manually', () => {
    table([
      ['the agent is told', [...registered, deregister], 'deregistering', ['deregister 2']],
      [
        'and that is done with its yes',
        [...registered, deregister, yes(2)],
        'deregistered',
        ['settled deregister'],
      ],
      [
        'or if the agent does not know it',
        [...registered, deregister, no(2, unknown)],
        'deregistered',
        ['settled deregister'],
      ],
      [
        'a refusal is told',
        [...registered, deregister, no(2, broken)],
        'deregistering',
        ['settled deregister with sidecar_api'],
      ],
      ['no call is made if nothing was sent', [ready, deregister], 'deregistered', ['settled deregister']],
      [
        'what may have landed is deregistered',
        [...waiting, deregister],
        'deregistering',
        ['cancelRetry', 'deregister 2'],
      ],
      [
        'and tried again after a wait if it fails, unless others register the same instance',
        [...waiting, deregister, no(2, broken), workers(2), retryDue],
        'deregistering',
        ['countRemaining'],
      ],
      [
        'and tried again after a wait if it fails',
        [...waiting, deregister, no(2, broken)],
        'deregistering',
        ['settled deregister with sidecar_api', 'retry after 1'],
      ],
      ['then', [...waiting, deregister, no(2, broken), retryDue], 'deregistering', ['deregister 3']],
      [
        'but not for ever',
        [...waiting, deregister, no(2), retryDue, no(3), retryDue, no(4), retryDue, no(5, broken)],
        'deregistering',
        ['settled deregister with sidecar_api'],
      ],
      [
        'nor without a wait if another drain was asked for meanwhile',
        [...waiting, deregister, drain, no(2, broken), no(3)],
        'deregistering',
        ['settled drain with sidecar_connection'],
      ],
      ['a register in flight is awaited', [...up, deregister, yes(1)], 'deregistering', ['deregister 2']],
      ['after a drain', [...registered, drain, yes(2), deregister], 'deregistering', ['deregister 3']],
      [
        'a drain in flight is awaited',
        [...registered, drain, deregister, yes(2)],
        'deregistering',
        ['settled drain', 'deregister 3'],
      ],
      [
        'also if that fails',
        [...registered, drain, deregister, no(2)],
        'deregistering',
        ['settled drain with sidecar_connection', 'deregister 3'],
      ],
      [
        'nothing brings it back',
        [...registered, deregister, yes(2), disconnected, connected],
        'deregistered',
        [],
      ],
      [
        'a drain afterwards changes nothing',
        [...registered, deregister, yes(2), drain],
        'deregistered',
        ['settled drain'],
      ],
      [
        'nor does one in between',
        [...registered, deregister, drain, yes(2)],
        'deregistered',
        ['settled deregister', 'settled drain'],
      ],
      [
        'the deregister of a left-over will do',
        [...up, yes(1, draining), deregister, yes(2)],
        'deregistered',
        ['settled deregister'],
      ],
      [
        'what the agent holds as draining is deregistered',
        [...up, deregister, yes(1, draining)],
        'deregistering',
        ['deregister 2'],
      ],
    ]);
  });

  describe('when it is taken out before it starts, and a process before has left an instance', () => {
    table([
      ['it waits for the agent', [drain, readyLeftOver], 'draining', ['watch']],
      ['that is drained', [drain, readyLeftOver, connected], 'draining', ['drain 1 for 7000 ms']],
      ['and stays so', [drain, readyLeftOver, connected, yes(1), disconnected, connected], 'draining', []],
      ['or deregistered', [deregister, readyLeftOver, connected], 'deregistering', ['deregister 1']],
      ['once', [deregister, readyLeftOver, connected, yes(1), disconnected, connected], 'deregistered', []],
      [
        'again on the next stream if that fails',
        [drain, readyLeftOver, connected, no(1), disconnected, connected],
        'draining',
        ['drain 2 for 7000 ms'],
      ],
      [
        'unless others register the same instance',
        [deregister, readyLeftOver, workers(2), connected],
        'deregistering',
        ['countRemaining'],
      ],
      ['not once it is resumed', [drain, readyLeftOver, resumed, connected], 'registering', ['register 1']],
      ['without any other, nothing is sent', [deregister, ready, connected], 'deregistered', []],
    ]);
  });

  describe('when it is resumed', () => {
    const drained = [...registered, drain, yes(2)];
    table([
      ['what never was taken out stays as it is', [...registered, resumed], 'registered', []],
      [
        'a register would leave it draining: hence a deregister',
        [...drained, resumed],
        'registering',
        ['deregister 3'],
      ],
      ['and then the register', [...drained, resumed, yes(3)], 'registering', ['register 4']],
      [
        'also if the agent has forgotten it',
        [...drained, resumed, no(3, unknown)],
        'registering',
        ['register 4'],
      ],
      ['it is registered then', [...drained, resumed, yes(3), yes(4)], 'registered', ['confirm']],
      [
        'a deregister that fails is tried again',
        [...drained, resumed, no(3)],
        'registering',
        ['retry after 1'],
      ],
      ['after the wait', [...drained, resumed, no(3), retryDue], 'registering', ['deregister 4']],
      [
        'nor does another failure begin a second wait',
        [...waiting, deregister, deregister, no(2), resumed, no(3)],
        'registering',
        ['settled deregister with sidecar_connection'],
      ],
      [
        'the failures before are forgotten, so the first wait is short',
        [...waiting, deregister, no(2), retryDue, no(3), resumed, retryDue, notRegistered(4)],
        'registering',
        ['retry after 1'],
      ],
      [
        'nor do those count that were before it was taken out',
        [...waiting, retryDue, notRegistered(2), drain, yes(3), resumed, yes(4), notRegistered(5)],
        'registering',
        ['retry after 1'],
      ],
      [
        'what was deregistered is registered at once',
        [...registered, deregister, yes(2), resumed],
        'registering',
        ['register 3'],
      ],
      ['nothing is said without a stream', [...drained, disconnected, resumed], 'connecting', []],
      [
        'but with the next one',
        [...drained, disconnected, resumed, connected],
        'registering',
        ['deregister 3'],
      ],
      ['a drain in flight is awaited', [...registered, drain, resumed], 'registering', []],
      [
        'and taken back',
        [...registered, drain, resumed, yes(2)],
        'registering',
        ['settled drain', 'deregister 3'],
      ],
      [
        'a drain that failed may not have landed',
        [...registered, drain, resumed, no(2)],
        'registering',
        ['settled drain with sidecar_connection', 'register 3'],
      ],
      [
        'a drain that was not sent is not sent any more',
        [...up, drain, resumed],
        'registering',
        ['settled drain with runtime_error'],
      ],
      ['and the register in flight counts', [...up, drain, resumed, yes(1)], 'registered', ['confirm']],
      ['before the start it waits for that', [drain, resumed], 'starting', []],
      ['a second time changes nothing', [...drained, resumed, resumed], 'registering', []],
      [
        'it can be drained again',
        [...drained, resumed, yes(3), yes(4), drain],
        'draining',
        ['drain 5 for 7000 ms'],
      ],
      ['nothing brings it back once it leaves', [...drained, leave, resumed], 'draining', []],
      ['nor rejects what was asked before', [...registered, drain, drain, leave, resumed], 'draining', []],
      [
        'what never was taken out goes on with longer waits',
        [...waiting, resumed, retryDue, notRegistered(2)],
        'registering',
        ['retry after 2'],
      ],
    ]);
  });

  describe('when it is updated', () => {
    table([
      [
        'it registers again, and stays registered meanwhile',
        [...registered, updated],
        'registered',
        ['register 2'],
      ],
      ['one after the register in flight', [...up, updated], 'registering', []],
      ['when that is answered', [...up, updated, yes(1)], 'registered', ['confirm', 'register 2']],
      [
        'a flood of updates makes one more',
        [...up, updated, updated, updated, yes(1)],
        'registered',
        ['confirm', 'register 2'],
      ],
      ['and no further', [...up, updated, updated, updated, yes(1), yes(2)], 'registered', ['confirm']],
      ['after a failure it waits its turn', [...waiting, updated], 'registering', []],
      ['and goes with the next try', [...waiting, updated, retryDue, yes(2)], 'registered', ['confirm']],
      ['without a stream it waits for one', [...registered, disconnected, updated], 'connecting', []],
      [
        'and goes with the replay',
        [...registered, disconnected, updated, connected, yes(2)],
        'registered',
        ['confirm'],
      ],
      ['what is drained manually stays drained', [...registered, drain, yes(2), updated], 'draining', []],
      [
        'and it goes with the register when it is resumed',
        [...registered, drain, yes(2), updated, resumed, yes(3), yes(4)],
        'registered',
        ['confirm'],
      ],
      ['before the start there is nothing to update', [updated], 'starting', []],
      ['nor once it leaves', [...registered, leave, updated], 'draining', []],
      [
        'ready with another node is an update',
        [...registered, readyWith(SECOND)],
        'registered',
        ['register 2'],
      ],
      ['one that waits for a stream', [ready, readyWith(SECOND)], 'connecting', []],
      ['and for nothing once it leaves', [...registered, leave, readyWith(SECOND)], 'draining', []],
    ]);

    it('tells what the next register sends, and whether the agent has accepted it', () => {
      const changed = { weight: 10, methodCount: 3, httpRouteCount: 1 };
      expect(after(registered).state).toMatchObject({
        weight: 100,
        methodCount: 2,
        httpRouteCount: 0,
        revision: 1,
        registeredRevision: 1,
      });
      const after2 = [...registered, updated];
      expect(after(after2).state).toMatchObject({ ...changed, revision: 2, registeredRevision: 1 });
      expect(after([...after2, yes(2)]).state).toMatchObject({ revision: 2, registeredRevision: 2 });
      expect(after([...after2, notRegistered(2)]).state).toMatchObject({
        revision: 2,
        registeredRevision: 1,
      });
    });
  });

  describe('when it leaves at once', () => {
    const gone = [...registered, leaveAtOnce, yes(2)];
    const calls = ['quiesce for nothing before the close'];
    table([
      ['it deregisters without a drain', [...registered, leaveAtOnce], 'deregistering', ['deregister 2']],
      ['waits for the calls in flight', gone, 'deregistering', calls],
      ['and has left', [...gone, quiet], 'stopped', ['left']],
      ['a register in flight is awaited', [ready, connected, leaveAtOnce], 'draining', []],
      ['and deregistered then', [ready, connected, leaveAtOnce, yes(1)], 'deregistering', ['deregister 2']],
      [
        'a drain in flight is overtaken',
        [...registered, leave, leaveAtOnce],
        'deregistering',
        ['deregister 3'],
      ],
      ['and its answer changes nothing', [...registered, leave, leaveAtOnce, yes(2)], 'deregistering', []],
      [
        'the wait for routers is over',
        [...registered, leave, yes(2), leaveAtOnce],
        'deregistering',
        ['deregister 3'],
      ],
      [
        'also for those that missed the drain',
        [...registered, leave, no(2), leaveAtOnce, yes(3)],
        'deregistering',
        calls,
      ],
      ['twice is once', [...registered, leaveAtOnce, leaveAtOnce], 'deregistering', []],
      ['a leave changes nothing then', [...registered, leaveAtOnce, leave], 'deregistering', []],
    ]);
  });

  describe('when it leaves', () => {
    const drained = [...registered, leave, yes(2)];
    const gone = [...drained, quiet, yes(3)];
    const undrained = [...registered, leave, no(2)];
    table([
      ['it drains', [...registered, leave], 'draining', ['drain 2']],
      [
        'serves on for the drain delay',
        drained,
        'draining',
        ['quiesce for drainDelay before the deregister'],
      ],
      ['deregisters', [...drained, quiet], 'deregistering', ['deregister 3']],
      [
        'waits for calls that came meanwhile',
        gone,
        'deregistering',
        ['quiesce for nothing before the close'],
      ],
      ['and has left', [...gone, quiet], 'stopped', ['left']],
      ['leaving twice is leaving once', [...registered, leave, leave], 'draining', []],
      [
        'it makes no call if nothing was sent, and finishes calls in flight',
        [ready, leave],
        'deregistering',
        ['quiesce for nothing before the close'],
      ],
      ['and has left then', [ready, leave, quiet], 'stopped', ['left']],
      [
        'what a killed process left is drained, even if no register was sent',
        [readyLeftOver, leave],
        'draining',
        ['drain 1'],
      ],
      [
        'and deregistered',
        [readyLeftOver, leave, yes(1, draining), quiet],
        'deregistering',
        ['deregister 2'],
      ],
      [
        'without a wait, if the agent does not hold it',
        [readyLeftOver, leave, no(1, unknown)],
        'deregistering',
        ['deregister 2'],
      ],
      ['nor before the start', [leave], 'stopped', ['left']],
      ['and ignores ready then', [leave, ready], 'stopped', []],
      ['a drop is no reason not to drain', [...registered, disconnected, leave], 'draining', ['drain 2']],
      [
        'a drain of an unknown instance is done',
        [...registered, leave, no(2, unknown)],
        'draining',
        ['quiesce for drainDelay before the deregister'],
      ],
      [
        'a drain that fails is repeated while it serves on',
        [...registered, leave, no(2, broken)],
        'draining',
        ['quiesce for drainDelay before the deregister', 'repeat drain after 1'],
      ],
      ['when its wait is over', [...undrained, retryDue], 'draining', ['drain 3']],
      ['and again', [...undrained, retryDue, no(3)], 'draining', ['repeat drain after 2']],
      ['until the agent accepts it', [...undrained, retryDue, yes(3)], 'draining', []],
      [
        'a refused connection is told apart',
        [...registered, leave, no(2, REFUSED)],
        'draining',
        ['quiesce for drainDelay before the deregister', 'repeat drain after 1: agent gone'],
      ],
      ...[401, 403].map((status): Row => [
        `and so are refused credentials, with ${status}`,
        [...registered, leave, no(2, refusal(status))],
        'draining',
        ['quiesce for drainDelay before the deregister', 'repeat drain after 1: credentials refused'],
      ]),
      ['a drain is repeated over a drop', [...undrained, disconnected, retryDue], 'draining', ['drain 3']],
      [
        'and over the next stream',
        [...undrained, disconnected, connected, retryDue],
        'draining',
        ['drain 3'],
      ],
      [
        'a drain that waits for its turn does not delay the deregister',
        [...undrained, quiet],
        'deregistering',
        ['cancelRetry', 'deregister 3'],
      ],
      ['nor does one in flight', [...undrained, retryDue, quiet], 'deregistering', ['deregister 4']],
      ['whose answer comes too late', [...undrained, retryDue, quiet, yes(3)], 'deregistering', []],
      ['a drain that is given up is no reason to stay', [...undrained, gaveUp], 'draining', []],
      ['and the deregister follows', [...undrained, gaveUp, quiet], 'deregistering', ['deregister 3']],
      [
        'callers then learn of it by the deregister',
        [...undrained, quiet, yes(3)],
        'deregistering',
        ['quiesce for drainDelay before the close'],
      ],
      [
        'if that has arrived',
        [...undrained, quiet, no(3), gaveUp],
        'deregistering',
        ['quiesce for nothing before the close'],
      ],
      [
        'a deregister that fails is repeated',
        [...drained, quiet, no(3, broken)],
        'deregistering',
        ['repeat deregister after 1'],
      ],
      ['when its wait is over', [...drained, quiet, no(3), retryDue], 'deregistering', ['deregister 4']],
      [
        'until the agent accepts it',
        [...drained, quiet, no(3), retryDue, yes(4)],
        'deregistering',
        ['quiesce for nothing before the close'],
      ],
      [
        'or it is given up',
        [...drained, quiet, no(3), gaveUp],
        'deregistering',
        ['quiesce for nothing before the close'],
      ],
      ['giving up twice is giving up once', [...drained, quiet, no(3), gaveUp, gaveUp], 'deregistering', []],
      ['giving up what is not repeated changes nothing', [...drained, gaveUp], 'draining', []],
      ['an unknown instance is gone', [...drained, quiet, no(3, unknown), quiet], 'stopped', ['left']],
      [
        'what was drained manually is not drained again',
        [...registered, drain, yes(2), leave],
        'draining',
        ['quiesce for drainDelay before the deregister'],
      ],
      [
        'and its callers know of it before the deregister',
        [...registered, drain, yes(2), leave, quiet, yes(3)],
        'deregistering',
        ['quiesce for nothing before the close'],
      ],
      [
        'what was deregistered manually waits for its last calls',
        [...registered, deregister, yes(2), leave],
        'deregistering',
        ['quiesce for nothing before the close'],
      ],
      ['and has then left', [...registered, deregister, yes(2), leave, quiet], 'stopped', ['left']],
      ['a quiet without a wait changes nothing', [...registered, leave, quiet], 'draining', []],
      ['nor does one before the leave', [...registered, quiet], 'registered', []],
    ]);

    describe('with a call in flight', () => {
      table([
        ['it awaits a register', [...up, leave], 'draining', []],
        ['which is drained then', [...up, leave, yes(1)], 'draining', ['drain 2']],
        [
          'a register that fails may have landed, and is drained',
          [...up, leave, notRegistered(1)],
          'draining',
          ['drain 2'],
        ],
        [
          'if it has, routers are waited for',
          [...up, leave, notRegistered(1), yes(2)],
          'draining',
          ['quiesce for drainDelay before the deregister'],
        ],
        [
          'if it has not, it is deregistered at once',
          [...up, leave, notRegistered(1), no(2, unknown)],
          'deregistering',
          ['deregister 3'],
        ],
        [
          'and again, since it may land later',
          [...up, leave, notRegistered(1), no(2, unknown), no(3, unknown)],
          'deregistering',
          ['repeat deregister after 1'],
        ],
        [
          'but not if the agent refused it',
          [...up, leave, notRegistered(1, broken), no(2, unknown), no(3, unknown)],
          'deregistering',
          ['quiesce for nothing before the close'],
        ],
        [
          'a replay is awaited and drained',
          [...registered, connected, leave, notRegistered(2)],
          'draining',
          ['drain 3'],
        ],
        ['one that was due is due no more', [...up, connected, leave, yes(1)], 'draining', ['drain 2']],
        ['it awaits a manual drain', [...registered, drain, leave], 'draining', []],
        [
          'which will do',
          [...registered, drain, leave, yes(2)],
          'draining',
          ['settled drain', 'quiesce for drainDelay before the deregister'],
        ],
        [
          'if it arrived',
          [...registered, drain, leave, no(2)],
          'draining',
          ['settled drain with sidecar_connection', 'drain 3'],
        ],
        [
          'it awaits a manual deregister',
          [...registered, deregister, leave, yes(2)],
          'deregistering',
          ['settled deregister', 'quiesce for nothing before the close'],
        ],
        [
          'it awaits the deregister of a left-over',
          [...up, yes(1, draining), leave, yes(2)],
          'deregistering',
          ['quiesce for nothing before the close'],
        ],
        [
          'a left-over is deregistered, and not waited for',
          [...up, leave, yes(1, draining)],
          'deregistering',
          ['deregister 2'],
        ],
      ]);
    });

    describe('and the agent never said yes', () => {
      table([
        ['what may have landed is drained', [...waiting, leave], 'draining', ['cancelRetry', 'drain 2']],
        [
          'and waited for if the agent holds it',
          [...waiting, leave, yes(2)],
          'draining',
          ['quiesce for drainDelay before the deregister'],
        ],
        [
          'calls in flight are finished',
          [...waiting, leave, no(2, unknown), yes(3)],
          'deregistering',
          ['quiesce for nothing before the close'],
        ],
        ['and it has left', [...waiting, leave, no(2, unknown), yes(3), quiet], 'stopped', ['left']],
        ['after a drop as well', [...waiting, disconnected, leave], 'draining', ['drain 2']],
        [
          'what its dialect cannot write did not land, so an unknown instance ends the leave',
          [...up, notRegistered(1, UNWRITTEN), leave, no(2, unknown), no(3, unknown)],
          'deregistering',
          ['quiesce for nothing before the close'],
        ],
        [
          'what another client threw may have landed',
          [...up, no(1, FOREIGN), leave, no(2, unknown), no(3, unknown)],
          'deregistering',
          ['repeat deregister after 1'],
        ],
        [
          'nor if a repeated drain finds nothing, since routers may know of the first',
          [...waiting, leave, no(2), retryDue, no(3, unknown)],
          'draining',
          [],
        ],
      ]);
    });

    describe('and other things happen', () => {
      table([
        ['connected registers nothing', [...registered, leave, connected], 'draining', []],
        ['nor does it in any step', [...gone, connected], 'deregistering', []],
        [
          'the next stream registers nothing',
          [...registered, leave, disconnected, connected],
          'draining',
          [],
        ],
        ['nor does it once the service has left', [...gone, quiet, connected], 'stopped', []],
        [
          'nor does it forget the failures',
          [...registered, leave, yes(2), quiet, no(3), disconnected, connected, retryDue, no(4)],
          'deregistering',
          ['repeat deregister after 2'],
        ],
        [
          'a deregister that a late register may follow is not doubted, but left to the leave',
          [...waiting, deregister, leave, no(2, unknown)],
          'draining',
          ['settled deregister', 'drain 3'],
        ],
        ['nor does the end of a wait', [...waiting, leave, retryDue], 'draining', []],
        ['a request is done at once', [...registered, leave, drain], 'draining', ['settled drain']],
        ['after it has left as well', [ready, leave, quiet, deregister], 'stopped', ['settled deregister']],
        [
          'a request in the queue waits for the same call of the leave',
          [...registered, drain, deregister, leave, no(2), yes(3), quiet, yes(4)],
          'deregistering',
          ['settled deregister', 'quiesce for nothing before the close'],
        ],
        [
          'and for the end of it at the latest',
          [...registered, drain, deregister, leave, no(2), deadline],
          'stopped',
          ['settled deregister', 'left'],
        ],
      ]);
    });

    describe('and the deadline is over', () => {
      const steps: Row[] = [
        ['while a register is awaited', [...up, leave], 'draining', []],
        ['while it drains', [...registered, leave], 'draining', []],
        ['while it serves on', drained, 'draining', []],
        ['while it deregisters', [...drained, quiet], 'deregistering', []],
        ['while it waits for the last calls', gone, 'deregistering', []],
      ];
      table(steps.map(([what, events]): Row => [what, [...events, deadline], 'stopped', ['left']]));
      table([
        ['nothing happens before the leave', [...registered, deadline], 'registered', []],
        ['nothing happens after it', [...gone, quiet, deadline], 'stopped', []],
        ['an answer is too late', [...registered, leave, deadline, yes(2)], 'stopped', []],
        ['a failure is too late', [...registered, leave, deadline, no(2)], 'stopped', []],
        ['a quiet is too late', [...drained, deadline, quiet], 'stopped', []],
      ]);
    });

    describe('without a grace period', () => {
      table(
        [
          ['it deregisters at once', [...registered, leave], 'deregistering', ['deregister 2']],
          ['and has left', [...registered, leave, yes(2)], 'stopped', ['left']],
          [
            'a deregister that fails is repeated',
            [...registered, leave, no(2, broken)],
            'deregistering',
            ['repeat deregister after 1'],
          ],
          ['until it is given up', [...registered, leave, no(2, broken), gaveUp], 'stopped', ['left']],
          ['a register in flight is awaited', [...up, leave], 'draining', []],
          ['and deregistered', [...up, leave, yes(1)], 'deregistering', ['deregister 2']],
          [
            'what was drained manually is deregistered',
            [...registered, drain, yes(2), leave],
            'deregistering',
            ['deregister 3'],
          ],
          [
            'what was deregistered manually has left',
            [...registered, deregister, yes(2), leave],
            'stopped',
            ['left'],
          ],
        ],
        { graceful: false },
      );
    });
  });

  describe('when it is turned off', () => {
    table(
      [
        ['nothing has happened', [], 'disabled', []],
        ['ready begins nothing', [ready], 'disabled', []],
        ['connected registers nothing', [ready, connected], 'disabled', []],
        ['a request is done at once', [ready, drain], 'disabled', ['settled drain']],
        ['it has left at once', [ready, leave], 'stopped', ['left']],
      ],
      { enabled: false },
    );
  });

  describe('of the facts', () => {
    it('keeps what the agent holds, as far as it is known', () => {
      const holding = (events: readonly RegistrationEvent[]) => after(events).state.holding;
      expect(holding(up)).toBe('nothing');
      expect(holding(waiting)).toBe('unconfirmed');
      expect(holding([...registered, connected, notRegistered(2)])).toBe('registered');
      expect(after([...registered, leave, yes(2)]).state).toMatchObject({
        holding: 'draining',
        state: 'Draining',
      });
    });

    it('takes no drain for that of another client which the code has asked for, or has undone', () => {
      expect(after([...registered, connected, drain, yes(2, draining)]).state.drainedElsewhere).toBe(false);
      const drained = [...registered, connected, yes(2, draining)];
      expect(after(drained).state.drainedElsewhere).toBe(true);
      expect(after([...drained, recalled]).state.drainedElsewhere).toBe(false);
      expect(after([...drained, resumed]).state.drainedElsewhere).toBe(false);
    });

    it('tells why a request was not sent', () => {
      const [command] = after([...up, drain, resumed]).commands;
      const message = 'drain not sent: resume() was called before it could be sent';
      expect(command).toMatchObject({ type: 'settled', error: { kind: 'runtime_error', message } });
    });

    const facts = (...events: readonly RegistrationEvent[]): RegistrationState => after(events).state;

    it('keeps what was registered and what the agent says of it', () => {
      const answer = { state: 'Serving', instanceId: 'auth-10500', dialect: 'flat' } as const;
      expect(facts(ready)).toMatchObject({
        instanceId: 'auth-1',
        lastServiceName: null,
        lastServicePort: null,
      });
      expect(facts(...up, yes(1, answer))).toMatchObject({
        connected: true,
        registered: true,
        lastServiceName: 'auth',
        lastServicePort: 10500,
        instanceId: 'auth-10500',
        state: 'Serving',
        dialect: 'flat',
        registerReplayCount: 1,
        registerReplayFailureCount: 0,
      });
      expect(facts(...registered)).toMatchObject({ instanceId: 'auth-1', state: null, dialect: null });
      expect(facts(...registered, drain, yes(2)).state).toBe('Draining');
      expect(facts(...registered, deregister, yes(2)).state).toBe('Deregistered');
      expect(facts(...registered, deregister, no(2, unknown)).state).toBe('Deregistered');
      expect(facts(...registered, drain, no(2, broken)).state).toBeNull();
    });

    it('counts registers that the agent took, and those that failed, the probe of a left-over being neither', () => {
      expect(
        facts(...waiting, retryDue, notRegistered(2), retryDue, yes(3), connected, yes(4)),
      ).toMatchObject({
        registerReplayCount: 2,
        registerReplayFailureCount: 2,
      });
      expect(facts(...up, yes(1, draining))).toMatchObject({
        registerReplayCount: 0,
        registerReplayFailureCount: 0,
        registered: false,
      });
      expect(facts(...registered, drain, no(2))).toMatchObject({ registerReplayFailureCount: 0 });
    });

    it('counts the streams that were lost, and no others', () => {
      expect(facts(ready, disconnected, disconnected)).toMatchObject({
        disconnectCount: 0,
        lastDisconnectedAt: null,
      });
      expect(facts(...registered, disconnected, { ...disconnected, at: AT + 1 })).toMatchObject({
        connected: false,
        registered: false,
        disconnectCount: 1,
        lastDisconnectedAt: AT,
      });
      expect(facts(...waiting)).toMatchObject({ connected: true, registered: false, disconnectCount: 0 });
    });

    it('tells when the stream came up, and not when connected was said again', () => {
      expect(facts(...up, { type: 'connected', at: AT + 1 }).lastConnectedAt).toBe(AT);
      expect(facts(...up, disconnected, { type: 'connected', at: AT + 1 }).lastConnectedAt).toBe(AT + 1);
    });

    it('tells the next try', () => {
      const drop: RegistrationEvent = { type: 'disconnected', at: AT, nextRetryAt: AT + 500 };
      const due: RegistrationEvent = { type: 'scheduled', nextRetryAt: AT + 700 };
      expect(facts(ready, drop).nextRetryAt).toBe(AT + 500);
      expect(facts(ready, drop, connected).nextRetryAt).toBeNull();
      expect(facts(...up, drop, connected).nextRetryAt).toBeNull();
      expect(facts(ready, disconnected).nextRetryAt).toBeNull();
      expect(facts(...waiting, due).nextRetryAt).toBe(AT + 700);
      expect(facts(...waiting, due, retryDue).nextRetryAt).toBeNull();
      expect(facts(...up, yes(1, draining), no(2, broken), due).nextRetryAt).toBe(AT + 700);
      expect(facts(...up, yes(1, draining), no(2, broken), due, retryDue).nextRetryAt).toBeNull();
      expect(facts(...waiting, due, drop).nextRetryAt).toBe(AT + 500);
      expect(facts(...waiting, due, drain).nextRetryAt).toBeNull();
      expect(facts(...waiting, due, leave).nextRetryAt).toBeNull();
      expect(facts(...registered, leave, drop).nextRetryAt).toBeNull();
      expect(facts(...registered, due).nextRetryAt).toBeNull();
    });

    it('keeps the last error, bounded and printable', () => {
      const error = new SidecarAgentError('runtime_error', `a\n${'b'.repeat(1_000)}`);
      expect(facts({ type: 'error', error, at: AT })).toMatchObject({
        lastErrorKind: 'runtime_error',
        lastError: `a ${'b'.repeat(510)}…`,
        lastErrorAt: AT,
      });
      expect(facts(...waiting, retryDue, yes(2))).toMatchObject({
        lastErrorKind: 'register_replay',
        lastError: 'register failed: no answer',
        lastErrorAt: AT,
      });
    });

    it('keeps an error that comes after it has left', () => {
      const error = new SidecarAgentError('runtime_error', 'cannot close');
      expect(facts(leave, { type: 'error', error, at: AT })).toMatchObject({
        phase: 'stopped',
        lastError: 'cannot close',
      });
    });

    it('keeps why the stream was lost', () => {
      const error = new WatchError('watch_idle_timeout', 'silent');
      const { state, commands } = after([...registered, { type: 'lost', error, at: AT + 9 }]);
      expect(commands).toEqual([]);
      expect(state).toMatchObject({
        registered: true,
        lastErrorKind: 'watch_idle_timeout',
        lastError: 'silent',
        lastErrorAt: AT + 9,
      });
    });

    it('is the same object if nothing has changed', () => {
      const { state } = after(registered);
      for (const event of [ready, retryDue, quiet, deadline, yes(1), yes(9)]) {
        expect(transition(state, event)).toEqual([state, []]);
        expect(transition(state, event)[0]).toBe(state);
      }
    });
  });

  it('begins with nothing known', () => {
    expect(initialState({ enabled: true, graceful: true })).toMatchObject({
      phase: 'starting',
      connected: false,
      registered: false,
      lastError: null,
      disconnectCount: 0,
    });
  });
});
