import { describe, expect, it } from '@jest/globals';
import { GatheredChanges } from '../../../lib/timing/gathered-changes.js';
import { ManualClock, watched } from '../support/manual-clock.js';

interface Changes {
  weight?: number;
  name?: string;
}

function gather(apply: (changes: Changes) => Promise<void> = () => Promise.resolve()) {
  const clock = new ManualClock();
  const applied: Changes[] = [];
  const changes = new GatheredChanges<Changes>(clock, 100, (gathered) => {
    applied.push(gathered);
    return apply(gathered);
  });
  return { clock, changes, applied };
}

describe('GatheredChanges', () => {
  it('applies what comes within its time as one, the later of two counting', async () => {
    const { clock, changes, applied } = gather();
    const all = [changes.add({ weight: 1, name: 'a' })];
    await clock.advance(99);
    all.push(changes.add({ weight: 2 }));
    expect(applied).toEqual([]);
    await clock.advance(1);
    expect(applied).toEqual([{ weight: 2, name: 'a' }]);
    await Promise.all(all);
  });

  it('is not put off by more changes', async () => {
    const { clock, changes, applied } = gather();
    for (let weight = 1; weight <= 20; weight += 1) {
      void changes.add({ weight });
      await clock.advance(10);
    }
    expect(applied).toEqual([{ weight: 10 }, { weight: 20 }]);
  });

  it('ends as its apply does, for everybody', async () => {
    const { clock, changes } = gather(({ weight }) =>
      weight === 1 ? Promise.reject(new Error('no')) : new Promise(() => {}),
    );
    const refused = [changes.add({ weight: 1 }), changes.add({ name: 'a' })].map((each) =>
      expect(each).rejects.toThrow('no'),
    );
    await clock.advance(100);
    await Promise.all(refused);
    const open = watched(changes.add({ weight: 2 }));
    await clock.advance(1_000);
    expect(open.settled).toBe(false);
    expect(clock.timers).toBe(0);
  });
});
