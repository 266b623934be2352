import { describe, expect, it } from '@jest/globals';
import type { RegistrationEvent } from '../../../lib/registration/machine/registration-event.js';
import {
  initialState,
  type RegistrationState,
} from '../../../lib/registration/machine/registration-state.js';
import { transition } from '../../../lib/registration/machine/registration-transition.js';
import { updateMemory } from '../../../lib/registration/registration-memory.js';
import { SidecarApiError } from '../../../lib/errors/sidecar-api.error.js';
import { NODE } from '../fixtures/fixtures.js';

/** Plays events, and returns what each of them has had kept or forgotten. */
function play(...events: RegistrationEvent[]): string[] {
  let state: RegistrationState = initialState({ enabled: true, graceful: false });
  return events.map((event) => {
    const kept: string[] = [];
    const [next] = transition(state, event);
    updateMemory(
      {
        remember: (node, dialect) => kept.push(`remember ${node.service.name} ${dialect}`),
        forget: () => kept.push('forget'),
      },
      state,
      next,
    );
    state = next;
    return kept.join();
  });
}

const ready: RegistrationEvent = { type: 'ready', node: NODE };
const connected: RegistrationEvent = { type: 'connected', at: 0 };
const answered = (call: number): RegistrationEvent => ({
  type: 'answered',
  call,
  answer: { dialect: 'flat' },
});
const failed = (call: number, reason: string): RegistrationEvent => {
  const error = new SidecarApiError({ method: 'POST', path: '/x', statusCode: 400, code: '', reason });
  return { type: 'failed', call, error, at: 0 };
};
const leave: RegistrationEvent = { type: 'leave' };
const name = NODE.service.name;

describe('updateMemory', () => {
  it('keeps a register before it is sent, and its dialect when it is known', () => {
    expect(play(ready, connected, answered(1))).toEqual([
      '',
      `remember ${name} undefined`,
      `remember ${name} flat`,
    ]);
  });

  it('forgets at the answer to the deregister', () => {
    expect(play(ready, connected, answered(1), leave, answered(2)).slice(3)).toEqual(['', 'forget']);
  });

  it('forgets if the agent does not know the instance', () => {
    const events = [ready, connected, answered(1), leave, failed(2, 'service not found')];
    expect(play(...events).at(-1)).toBe('forget');
  });

  it.each([
    ['the deregister fails', [failed(2, 'connection refused'), { type: 'gaveUp' }]],
    ['shutdownTimeout is reached', [{ type: 'deadline' }]],
  ] as const)('does not forget if %s', (_, ends) => {
    const kept = play(ready, connected, answered(1), leave, ...(ends as readonly RegistrationEvent[]));
    expect(kept.slice(3).join('')).toBe('');
  });

  it('keeps what a register that failed may have left', () => {
    expect(play(ready, connected, failed(1, 'busy'), leave, answered(2))).toEqual([
      '',
      `remember ${name} undefined`,
      '',
      '',
      'forget',
    ]);
  });

  it('forgets what a killed process left, even if no register was sent', () => {
    expect(play({ ...ready, isLeftOver: true }, leave, answered(1))).toEqual(['', '', 'forget']);
  });

  it('keeps nothing if no register is sent', () => {
    expect(play(ready, leave)).toEqual(['', '']);
  });
});
