import { describe, expect, it } from '@jest/globals';
import { alternate, inTurns } from '../../../bench/src/rounds.js';
import { busiest } from '../../../bench/src/support/busiest.js';

describe('alternate', () => {
  it('alternates both sides, changes the first one, and leaves out warm-up rounds', async () => {
    const order: string[] = [];
    const outcome = await alternate(
      2,
      {
        baseline: (round) => {
          order.push(`baseline ${round}`);
          return round;
        },
        subject: (round) => {
          order.push(`subject ${round}`);
          return Promise.resolve(round * 10);
        },
      },
      2,
    );
    expect(order).toEqual([
      ...['baseline 0', 'subject 0', 'subject 1', 'baseline 1'],
      ...['baseline 2', 'subject 2', 'subject 3', 'baseline 3'],
    ]);
    expect(outcome).toEqual({ baseline: [2, 3], subject: [20, 30] });
  });
});

describe('inTurns', () => {
  it('measures all sides in each round, the other way round in the next one, and returns each by its own', async () => {
    const order: string[] = [];
    const seen = await inTurns(['a', 'b', 'c'], 2, (side, round) => {
      order.push(side + round);
      return `${side}${round}`;
    });
    expect(order).toEqual(['a0', 'b0', 'c0', 'c1', 'b1', 'a1', 'a2', 'b2', 'c2']);
    expect(seen).toEqual([
      ['a1', 'a2'],
      ['b1', 'b2'],
      ['c1', 'c2'],
    ]);
  });
});

describe('busiest', () => {
  it.each([
    [[], 0],
    [[5], 1],
    [[0, 49, 50, 99], 2],
    [[100, 0, 10, 20, 300], 3],
    [[0, 50, 100], 1],
  ])('finds in %j at most %d in any 50 ms', (moments, most) => {
    expect(busiest(moments, 50)).toBe(most);
  });
});
