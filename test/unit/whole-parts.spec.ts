import { describe, expect, it, jest } from '@jest/globals';
import { WHOLE, type Whole } from '../../lib/inner-tokens.js';
import { type SidecarClock, SystemClock } from '../../lib/support/timing/sidecar-clock.js';
import { wholeParts } from '../../lib/whole-parts.providers.js';

function wholeClock(given: unknown): SidecarClock {
  const provider = wholeParts().find(({ provide }) => provide === WHOLE.clock);
  return (provider?.useFactory(given) as Whole<SidecarClock>).part;
}

describe('the clock of the module', () => {
  it('is the one that is provided, if it is a clock', () => {
    const clock = new SystemClock();
    expect(wholeClock(clock)).toBe(clock);
  });

  it('has the methods of the system clock that a double lacks', async () => {
    const clock = wholeClock({ now: () => 7 });
    expect(clock.now()).toBe(7);
    expect(clock.elapsed()).toBeGreaterThan(0);
    await clock.sleep(1, new AbortController().signal);
    await new Promise<void>((resolve) => clock.after(1, resolve));
  });

  it('leaves a task to a double that returns nothing to cancel it', async () => {
    const after = jest.fn();
    const task = jest.fn();
    const cancel = wholeClock({ after }).after(0, task);
    expect(cancel).toBeInstanceOf(Function);
    cancel();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(after.mock.calls).toEqual([[0, task]]);
    expect(task).not.toHaveBeenCalled();
  });
});
