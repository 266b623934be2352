import { describe, expect, it } from '@jest/globals';
import { leaveFailures } from '../../../../lib/registration/machine/leave-failures.js';
import type { RegistrationEvent } from '../../../../lib/registration/machine/registration-event.js';
import {
  after,
  connected,
  deadline,
  gaveUp,
  leave,
  leaveAtOnce,
  no,
  notRegistered,
  quiet,
  ready,
  refusal,
  UNKNOWN,
  requested,
  retryDue,
  SILENCE,
  yes,
} from '../../fixtures/registration-events.js';

const registered = [ready, connected, yes(1)];
const leaving = [...registered, leave];
const drained = [...leaving, yes(2)];
const deregistering = [...drained, quiet];
const broken = refusal(500);

const OUT_OF_TIME =
  'shutdownTimeout reached before the agent accepted the deregister: the agent may still list this ' +
  'instance. Check that the agent answers, or raise shutdownTimeout';

const OUT_OF_CRASH =
  'the time after a crash was over before the agent accepted the deregister: the agent may still list ' +
  'this instance. Check that the agent answers';

type Row = [what: string, before: readonly RegistrationEvent[], event: RegistrationEvent, messages: string[]];

describe('leaveFailures', () => {
  it.each<Row>([
    ['a drain that fails, and is repeated', leaving, no(2, broken), []],
    ['a drain that failed until the deregister', [...leaving, no(2, broken)], quiet, [broken.message]],
    ['a drain that succeeded at last', [...leaving, no(2, broken), retryDue, yes(3)], quiet, []],
    ['a deregister that fails, and is repeated', deregistering, no(3), []],
    ['a deregister that is given up', [...deregistering, no(3)], gaveUp, [SILENCE.message]],
    ['a drain that is given up, before the deregister', [...leaving, no(2)], gaveUp, []],
    ['no time for the first register', [ready, connected, leave], deadline, [OUT_OF_TIME]],
    [
      'no time for a deregister that fails',
      [...deregistering, no(3)],
      deadline,
      [SILENCE.message, OUT_OF_TIME],
    ],
    ['an agent that does not know the instance', leaving, no(2, UNKNOWN), []],
    ['a register that fails while it is awaited', [ready, connected, leave], notRegistered(1), []],
    ['a failure of an earlier call', leaving, no(1, broken), []],
    [
      'a manual drain that fails, before the leave',
      [...registered, requested({ operation: 'drain' })],
      no(2),
      [],
    ],
    ['a drain that succeeds', leaving, yes(2), []],
    ['no time for the deregister', drained, deadline, [OUT_OF_TIME]],
    ['no time for the deregister after a crash', [...registered, leaveAtOnce], deadline, [OUT_OF_CRASH]],
    ['no time for the last calls alone', [...deregistering, yes(3)], deadline, []],
    ['a deadline when all is over', [...deregistering, yes(3), quiet], deadline, []],
  ])('%s', (_, before, event, messages) => {
    const failures = leaveFailures(after(before).state, event);
    expect(failures.map(({ message }) => message)).toEqual(messages);
  });
});
