import { describe, expect, it, jest } from '@jest/globals';
import { INNER_PARTS, type InnerPart } from '../../lib/inner-tokens.js';
import { type SidecarClock, SystemClock } from '../../lib/support/timing/sidecar-clock.js';
import { innerParts } from '../../lib/inner-parts.providers.js';

function innerClock(given: unknown): SidecarClock {
  const provider = innerParts().find(({ provide }) => provide === INNER_PARTS.clock);
  return (provider?.useFactory(given, given) as InnerPart<SidecarClock>).part;
}

describe('the clock of the module', () => {
  it('is the one that is provided, if it is a clock', () => {
    const clock = new SystemClock();
    expect(innerClock(clock)).toBe(clock);
  });

  it('has the methods of the system clock that a double lacks', async () => {
    const clock = innerClock({ now: () => 7 });
    expect(clock.now()).toBe(7);
    expect(clock.elapsed()).toBeGreaterThan(0);
    await clock.sleep(1, new AbortController().signal);
    await new Promise<void>((resolve) => clock.after(1, resolve));
  });

  it('leaves a task to a double that returns nothing to cancel it', async () => {
    const after = jest.fn();
    const task = jest.fn();
    const cancel = innerClock({ after }).after(0, task);
    expect(cancel).toBeInstanceOf(Function);
    cancel();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(after.mock.calls).toEqual([[0, task]]);
    expect(task).not.toHaveBeenCalled();
  });
});
