import { describe, expect, it } from '@jest/globals';
import type {
  Inheritance,
  RegistrationEvent,
} from '../../../../lib/registration/machine/registration-event.js';
import { transition } from '../../../../lib/registration/machine/registration-transition.js';
import { goesOn } from '../../../../lib/registration/machine/shared-port.js';
import {
  after,
  connected,
  deadline,
  disconnected,
  inherited,
  inWords,
  leave,
  leaveAtOnce,
  no,
  notRegistered,
  quiet,
  ready,
  reassertDue,
  recalled,
  remaining,
  requested,
  resumed,
  UNKNOWN,
  unsent,
  workers,
  yes,
} from '../../fixtures/registration-events.js';

const joined = [ready, workers(2), connected];
const flat: readonly RegistrationEvent[] = [...joined, yes(1, { dialect: 'flat' }), leave];
const node: readonly RegistrationEvent[] = [...joined, yes(1, { dialect: 'node' }), leave];
const drained = [...flat, remaining(0), yes(2), quiet];

const held = [...joined, yes(1, { dialect: 'flat' }), requested({ operation: 'deregister' })];

describe('a manual drain or deregister, if other processes serve the port', () => {
  const drain = requested({ operation: 'drain', gracePeriod: 7_000 });
  it.each<[string, readonly RegistrationEvent[], string[]]>([
    ['asks the others first', held, ['countRemaining']],
    ['sends nothing if they register the same instance', [...held, remaining(1)], ['settled deregister']],
    ['is sent if none of them goes on', [...held, remaining(0)], ['deregister 2 as flat']],
    [
      'is sent for an instance of its own',
      [...joined, yes(1, { dialect: 'node' }), drain, remaining(1)],
      ['drain 2 as node for 7000 ms'],
    ],
    [
      'sends nothing for an instance id that others have, too',
      [...joined, yes(1, { dialect: 'node' }), drain, remaining(2, 1)],
      ['settled drain'],
    ],
    ['after resume() registers again', [...held, remaining(1), resumed], ['register 2 as flat']],
    ['resume() waits for the answer', [...held, resumed], ['settled deregister with runtime_error']],
    ['and registers then', [...held, resumed, remaining(1)], ['register 2 as flat']],
    ['a leave waits for the answer', [...held, leave], []],
    ['and takes it for its own', [...held, leave, remaining(1)], ['settled deregister', 'left']],
    ['a count that nobody asked for changes nothing', [...held, remaining(0), remaining(1)], []],
    [
      'is settled once, whatever becomes of the stream meanwhile',
      [
        ...[...joined, notRegistered(1), requested({ operation: 'deregister' }), disconnected, connected],
        ...[remaining(0), yes(2)],
      ],
      ['settled deregister'],
    ],
    [
      'is sent at once by the only one',
      [ready, workers(1), connected, yes(1), drain],
      ['drain 2 for 7000 ms'],
    ],
  ])('%s', (_what, events, commands) => {
    expect(after(events).commands.map(inWords)).toEqual(commands);
  });

  it('holds nothing any more, and inherits nothing', () => {
    const { state } = after([...held, remaining(1)]);
    expect(state).toMatchObject({ phase: 'deregistered', holding: 'nothing', remaining: null });
    expect(goesOn(state)).toBe(false);
  });
});

describe('leaving a port that other processes serve', () => {
  it.each<[string, readonly RegistrationEvent[], string, string[]]>([
    ['asks first whether there are others', flat, 'draining', ['countRemaining']],
    ['asks once', [...flat, connected], 'draining', []],
    ['as the last one it drains', [...flat, remaining(0)], 'draining', ['drain 2 as flat']],
    ['as another one it sends nothing', [...flat, remaining(1)], 'stopped', ['left']],
    [
      'with its own instance id it deregisters',
      [...node, remaining(1)],
      'deregistering',
      ['deregister 2 as node'],
    ],
    ['and does not wait for calls', [...node, remaining(1), yes(2)], 'stopped', ['left']],
    [
      'but after a crash it does, since no close waits for them',
      [...joined, yes(1, { dialect: 'flat' }), leaveAtOnce, remaining(1)],
      'deregistering',
      ['quiesce for nothing before the close'],
    ],
    ['with the instance id of another it sends nothing', [...node, remaining(2, 1)], 'stopped', ['left']],
    [
      'it takes back a register that timed out, if nobody knows the dialect',
      [...joined, notRegistered(1), leave, remaining(1)],
      'deregistering',
      ['deregister 2'],
    ],
    [
      'it leaves that register to the others, if one of them knows that the dialect is flat',
      [...joined, notRegistered(1), leave, remaining(1, 0, 'flat')],
      'stopped',
      ['left'],
    ],
    ['nor if it never registered', [ready, workers(2), leave, remaining(1)], 'stopped', ['left']],
    ['a register in flight is awaited first', [...joined, leave], 'draining', []],
    ['and the others are counted then', [...joined, leave, yes(1)], 'draining', ['countRemaining']],
    ['before the deregister it asks again', drained, 'deregistering', ['countRemaining']],
    [
      'and deregisters if it is still the last',
      [...drained, remaining(0)],
      'deregistering',
      ['deregister 3 as flat'],
    ],
    ['but not if another one has come', [...drained, remaining(1)], 'stopped', ['left']],
    [
      'a count that nobody asked for changes nothing',
      [...drained, remaining(0), remaining(1)],
      'deregistering',
      [],
    ],
    ['the deadline ends it while it asks', [...flat, deadline], 'stopped', ['left']],
  ])('%s', (_what, events, phase, commands) => {
    const run = after(events);
    expect({ phase: run.state.phase, commands: run.commands.map(inWords) }).toEqual({ phase, commands });
  });

  it.each([
    ['node', ['deregister 2']],
    ['flat', ['left']],
  ] as const)('takes the option for the dialect before the first answer: %s', (chosenDialect, commands) => {
    const run = after([...joined, notRegistered(1), leave, remaining(1)], { chosenDialect });
    expect(run.commands.map(inWords)).toEqual(commands);
  });

  it('with a client that names no dialect it deregisters its own instance', () => {
    const run = after([...joined, yes(1), leave, remaining(1)]);
    expect(run.commands.map(inWords)).toEqual(['deregister 2']);
  });

  const heir = [ready, workers(2), inherited()];

  it('as the last one it drains what it has inherited, though it never registered', () => {
    expect(after([...heir, leave, remaining(0)]).commands.map(inWords)).toEqual(['drain 1 as flat']);
  });

  it('deregisters what it has inherited, until a register that may land has landed', () => {
    const run = [ready, workers(2), inherited({ mayLand: true }), leaveAtOnce, remaining(0)];
    expect(after(run).commands.map(inWords)).toEqual(['deregister 1 as flat']);
    expect(after([...run, no(1, UNKNOWN)]).commands.map(inWords)).toEqual(['repeat deregister after 1']);
  });

  it.each<[string, readonly RegistrationEvent[], Partial<Inheritance>]>([
    ['that is of another instance', [...joined, yes(1, { dialect: 'node' })], {}],
    ['that is of another instance, before it registers', [ready, workers(2)], { dialect: 'node' }],
    ['that it has registered itself', [...joined, yes(1, { dialect: 'flat' })], {}],
    ['that it holds as draining', [...joined, yes(1, { state: 'Draining' })], {}],
    ['when it has counted the others', drained, {}],
    ['that it has inherited before', heir, {}],
  ])('inherits nothing %s', (_what, events, inheritance) => {
    const { state } = after(events);
    const [next, commands] = transition(state, inherited(inheritance));
    expect(next).toBe(state);
    expect(commands).toEqual([]);
  });

  it('inherits while it waits for its own register, and drains it', () => {
    const run = after([...joined, leave, inherited(), unsent(1), remaining(0)]);
    expect(run.commands.map(inWords)).toEqual(['drain 2 as flat']);
  });

  it('inherits a register that may land after an instance, and an instance after none', () => {
    expect(after([...heir, inherited({ mayLand: true })]).state.mayLand).toBe(true);
    expect(after([...held, remaining(1), resumed, inherited()]).state.holding).toBe('unconfirmed');
  });

  it('holds nothing any more: the instance is that of the others', () => {
    expect(after([...flat, remaining(1)]).state.holding).toBe('nothing');
    expect(after([...node, remaining(2, 1)]).state.holding).toBe('nothing');
  });

  it('tells how many serve the port', () => {
    expect(after([ready]).state.workers).toBeNull();
    expect(after([ready, workers(3)]).state.workers).toBe(3);
    const { state } = after([ready, workers(3)]);
    expect(transition(state, workers(3))[0]).toBe(state);
  });
});

describe('at Consul, which knows an instance by its name and port', () => {
  const rules = { hasDialects: false };
  const registered = [...joined, yes(1)];

  it.each<[string, readonly RegistrationEvent[], string[]]>([
    ['a leave leaves the instance to the others', [...registered, leave, remaining(1)], ['left']],
    ['the last one drains it', [...registered, leave, remaining(0)], ['drain 2']],
    [
      'a manual deregister leaves it to them',
      [...registered, requested({ operation: 'deregister' }), remaining(1)],
      ['settled deregister'],
    ],
  ])('%s', (_what, events, commands) => {
    expect(after(events, rules).commands.map(inWords)).toEqual(commands);
  });

  it.each<[string, readonly RegistrationEvent[], number]>([
    ['after one', [...registered, recalled], 2],
    ['after one that came while a register was in flight', [...joined, recalled, yes(1)], 2],
    ['after a drain of its own that had no answer', [...registered, ...ownDrain(2), resumed], 3],
    [
      'after a connection that was lost before the answer to the register in flight',
      [...registered, reassertDue, recalled, disconnected, yes(2), connected],
      3,
    ],
    [
      'after one that came without a connection',
      [...registered, reassertDue, disconnected, recalled, yes(2), connected],
      3,
    ],
    [
      'after one that came while such a register was in flight',
      [...registered, recalled, recalled, disconnected, yes(2), connected],
      3,
    ],
  ])('a register undoes the drain of another process %s', (_what, events, call) => {
    const run = after(events, rules);
    expect(run.commands).toContainEqual(
      expect.objectContaining({ type: 'register', call, undoesDrain: true }),
    );
    const next = after([...events, yes(call), connected], rules);
    expect(next.commands).toEqual([expect.objectContaining({ type: 'register' })]);
    expect(next.commands[0]).not.toHaveProperty('undoesDrain');
  });
});

/** A manual drain, as this call, that has no answer. */
function ownDrain(call: number): RegistrationEvent[] {
  return [requested({ operation: 'drain', gracePeriod: 1_000 }), remaining(0), no(call)];
}
