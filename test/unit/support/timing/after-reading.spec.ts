import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { afterReading } from '../../../../lib/support/timing/after-reading.js';
import { ManualClock } from '../../fixtures/manual-clock.js';

/** Lets the event loop turn a few times. */
async function turns(): Promise<void> {
  for (let count = 0; count < 4; count += 1) await setImmediate();
}

describe('afterReading', () => {
  it('runs the task once, after the time', async () => {
    const clock = new ManualClock();
    const task = jest.fn();
    afterReading(clock, 1_000, task);
    await clock.advance(999);
    await turns();
    expect(task).not.toHaveBeenCalled();
    await clock.advance(1);
    await turns();
    expect(task).toHaveBeenCalledTimes(1);
  });

  it('lets the event loop turn before, so that sockets are read first', async () => {
    const clock = new ManualClock();
    const order: string[] = [];
    let due = () => {};
    jest.spyOn(clock, 'after').mockImplementation((_milliseconds, task) => {
      due = task;
      return () => {};
    });
    afterReading(clock, 1_000, () => order.push('task'));
    due();
    order.push('timer');
    void setImmediate().then(() => order.push('read'));
    await turns();
    expect(order).toEqual(['timer', 'read', 'task']);
  });

  it('can be cancelled before the time is up', async () => {
    const clock = new ManualClock();
    const task = jest.fn();
    const cancel = afterReading(clock, 1_000, task);
    cancel();
    expect(clock.timers).toBe(0);
    await clock.advance(1_000);
    await turns();
    expect(task).not.toHaveBeenCalled();
  });

  it.each([0, 1])('can be cancelled while the sockets are read, %d turns later', async (count) => {
    const clock = new ManualClock();
    const task = jest.fn();
    let due = () => {};
    jest.spyOn(clock, 'after').mockImplementation((_milliseconds, run) => {
      due = run;
      return () => {};
    });
    const cancel = afterReading(clock, 1_000, task);
    due();
    if (count > 0) await new Promise((resolve) => globalThis.setImmediate(resolve));
    cancel();
    await turns();
    expect(task).not.toHaveBeenCalled();
  });

  it('can be cancelled after it ran, without effect', async () => {
    const clock = new ManualClock();
    const task = jest.fn();
    const cancel = afterReading(clock, 0, task);
    await clock.advance(0);
    await turns();
    cancel();
    expect(task).toHaveBeenCalledTimes(1);
  });
});
