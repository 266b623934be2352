import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { SystemClock } from '../../../../lib/support/timing/sidecar-clock.js';
import { ManualClock, watched } from '../../fixtures/manual-clock.js';

describe('SidecarClock', () => {
  describe('sleep', () => {
    it('resolves after the time, not before', async () => {
      const clock = new ManualClock();
      const sleep = watched(clock.sleep(1_000, new AbortController().signal));
      await clock.advance(999);
      expect(sleep.settled).toBe(false);
      await clock.advance(1);
      expect(sleep.settled).toBe(true);
    });

    it('resolves and cancels its timer when the signal aborts', async () => {
      const clock = new ManualClock();
      const controller = new AbortController();
      const sleep = watched(clock.sleep(1_000, controller.signal));
      expect(clock.timers).toBe(1);
      controller.abort();
      await clock.advance(0);
      expect(sleep.settled).toBe(true);
      expect(clock.timers).toBe(0);
    });

    it('resolves with a clock that runs its task at once', async () => {
      const controller = new AbortController();
      const clock = new SystemClock();
      clock.after = (_milliseconds, task) => {
        task();
        return () => {};
      };
      await expect(clock.sleep(1_000, controller.signal)).resolves.toBeUndefined();
    });

    it('sets no timer if the signal has aborted before', async () => {
      const clock = new ManualClock();
      await clock.sleep(1_000, AbortSignal.abort());
      expect(clock.timers).toBe(0);
    });

    it('never rejects, whatever the signal aborts with', async () => {
      const clock = new ManualClock();
      const controller = new AbortController();
      const sleep = clock.sleep(1_000, controller.signal);
      controller.abort(new Error('enough'));
      await expect(sleep).resolves.toBeUndefined();
    });

    it.each(['ends by itself', 'is aborted'])('removes its listener when it %s', async (how) => {
      const clock = new ManualClock();
      const controller = new AbortController();
      const { signal } = controller;
      const added = jest.spyOn(signal, 'addEventListener');
      const removed = jest.spyOn(signal, 'removeEventListener');
      const sleep = clock.sleep(10, signal);
      if (how === 'is aborted') controller.abort();
      await clock.advance(10);
      await sleep;
      expect(added).toHaveBeenCalledTimes(1);
      expect(removed.mock.calls).toEqual(added.mock.calls.map(([name, listener]) => [name, listener]));
    });
  });
});

describe('SystemClock', () => {
  const clock = new SystemClock();

  it('now() returns the time since 1970', () => {
    const before = Date.now();
    expect(clock.now()).toBeGreaterThanOrEqual(before);
    expect(clock.now()).toBeLessThanOrEqual(Date.now());
  });

  it('elapsed() does not depend on the wall clock', () => {
    const wall = jest.spyOn(Date, 'now').mockReturnValue(0);
    const before = clock.elapsed();
    wall.mockReturnValue(1e12);
    expect(clock.elapsed() - before).toBeLessThan(60_000);
    expect(clock.elapsed()).toBeGreaterThanOrEqual(before);
    wall.mockRestore();
  });

  it('random() returns numbers from 0 up to 1', () => {
    const numbers = Array.from({ length: 100 }, () => clock.random());
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(new Set(numbers).size).toBeGreaterThan(1);
  });

  it('runs a task once, and never if it is cancelled', async () => {
    const task = jest.fn();
    const cancelled = jest.fn();
    clock.after(1, task);
    clock.after(1, cancelled)();
    await setTimeout(20);
    expect(task).toHaveBeenCalledTimes(1);
    expect(cancelled).not.toHaveBeenCalled();
  });
});
