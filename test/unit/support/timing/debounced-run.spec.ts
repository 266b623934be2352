import { describe, expect, it } from '@jest/globals';
import { DebouncedRun } from '../../../../lib/support/timing/debounced-run.js';
import { ManualClock, watched } from '../../fixtures/manual-clock.js';

function gather(run: (count: number) => Promise<void> = () => Promise.resolve()) {
  const clock = new ManualClock();
  const runs: number[] = [];
  const gathered = new DebouncedRun(clock, 100, () => {
    runs.push(clock.elapsed());
    return run(runs.length);
  });
  return { clock, gathered, runs };
}

describe('DebouncedRun', () => {
  it('runs once for all who ask within its time', async () => {
    const { clock, gathered, runs } = gather();
    const all = [gathered.ask()];
    await clock.advance(99);
    all.push(gathered.ask());
    expect(runs).toEqual([]);
    await clock.advance(1);
    await Promise.all(all);
    expect(runs).toEqual([100]);
  });

  it('is not put off by those who ask later', async () => {
    const { clock, gathered, runs } = gather();
    for (let count = 0; count < 20; count += 1) {
      void gathered.ask();
      await clock.advance(10);
    }
    expect(runs).toEqual([100, 200]);
  });

  it('ends as its run does, for everybody, and sets no timer without being asked', async () => {
    const { clock, gathered } = gather((count) =>
      count === 1 ? Promise.reject(new Error('no')) : new Promise(() => {}),
    );
    const refused = [gathered.ask(), gathered.ask()].map((each) => expect(each).rejects.toThrow('no'));
    await clock.advance(100);
    await Promise.all(refused);
    const open = watched(gathered.ask());
    await clock.advance(1_000);
    expect(open.settled).toBe(false);
    expect(clock.timers).toBe(0);
  });
});
