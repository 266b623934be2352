import { describe, expect, it } from '@jest/globals';
import { leaveFailures } from '../../../../lib/registration/machine/leave-failures.js';
import type { RegistrationEvent } from '../../../../lib/registration/machine/registration-event.js';
import {
  after,
  connected,
  deadline,
  leave,
  no,
  notRegistered,
  quiet,
  ready,
  refusal,
  requested,
  SILENCE,
  yes,
} from '../../fixtures/registration-events.js';

const registered = [ready, connected, yes(1)];
const leaving = [...registered, leave];
const drained = [...leaving, yes(2)];
const deregistering = [...drained, quiet];
const broken = refusal(500);

type Row = [what: string, before: readonly RegistrationEvent[], event: RegistrationEvent, messages: string[]];

describe('leaveFailures', () => {
  it.each<Row>([
    ['a drain that fails', leaving, no(2, broken), [broken.message]],
    ['a deregister that fails', deregistering, no(3), [SILENCE.message]],
    ['an agent that does not know the instance', leaving, no(2, refusal(400)), []],
    ['a register that fails while it is awaited', [ready, connected, leave], notRegistered(1), []],
    ['a failure of an earlier call', leaving, no(1, broken), []],
    [
      'a manual drain that fails, before the leave',
      [...registered, requested({ operation: 'drain' })],
      no(2),
      [],
    ],
    ['a drain that succeeds', leaving, yes(2), []],
    [
      'no time for the deregister',
      drained,
      deadline,
      [
        'shutdownTimeout reached before the agent accepted the deregister: the agent may still list this ' +
          'instance. Check that the agent answers, or raise shutdownTimeout',
      ],
    ],
    ['no time for the last calls alone', [...deregistering, yes(3)], deadline, []],
    ['a deadline when all is over', [...deregistering, yes(3), quiet], deadline, []],
  ])('%s', (_, before, event, messages) => {
    const failures = leaveFailures(after(before).state, event);
    expect(failures.map(({ message }) => message)).toEqual(messages);
  });
});
