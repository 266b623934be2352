import { describe, expect, it } from '@jest/globals';
import { DebouncedRun } from '../../../../lib/support/timing/debounced-run.js';
import { ManualClock, watched } from '../../fixtures/manual-clock.js';

function debounce(run: (count: number) => Promise<void> = () => Promise.resolve()) {
  const clock = new ManualClock();
  const runs: number[] = [];
  const debounced = new DebouncedRun(clock, 100, () => {
    runs.push(clock.elapsed());
    return run(runs.length);
  });
  return { clock, debounced, runs };
}

describe('DebouncedRun', () => {
  it('runs once for all requests within its time', async () => {
    const { clock, debounced, runs } = debounce();
    const all = [debounced.ask()];
    await clock.advance(99);
    all.push(debounced.ask());
    expect(runs).toEqual([]);
    await clock.advance(1);
    await Promise.all(all);
    expect(runs).toEqual([100]);
  });

  it('is not delayed by later requests', async () => {
    const { clock, debounced, runs } = debounce();
    for (let count = 0; count < 20; count += 1) {
      void debounced.ask();
      await clock.advance(10);
    }
    expect(runs).toEqual([100, 200]);
  });

  it('settles every request as the run does, and sets no timer without a request', async () => {
    const { clock, debounced } = debounce((count) =>
      count === 1 ? Promise.reject(new Error('no')) : new Promise(() => {}),
    );
    const refused = [debounced.ask(), debounced.ask()].map((each) => expect(each).rejects.toThrow('no'));
    await clock.advance(100);
    await Promise.all(refused);
    const open = watched(debounced.ask());
    await clock.advance(1_000);
    expect(open.settled).toBe(false);
    expect(clock.timers).toBe(0);
  });
});
