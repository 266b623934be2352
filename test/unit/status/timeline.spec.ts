import { describe, expect, it } from '@jest/globals';
import fc from '../../support/fast-check.js';
import { type TimelineEntry, type TimelineMoment, withMoment } from '../../../lib/status/timeline.js';

const moment = (text: string, second = 0): TimelineMoment => ({
  at: new Date(Date.UTC(2026, 10, 21) + second * 1_000).toISOString(),
  type: 'error',
  phase: 'connecting',
  cause: null,
  errorKind: null,
  text,
});

function timelineOf(moments: readonly TimelineMoment[]): readonly TimelineEntry[] {
  let timeline: readonly TimelineEntry[] = [];
  for (const one of moments) timeline = withMoment(timeline, one);
  return timeline;
}

describe('withMoment', () => {
  it('keeps the last 100 entries, with the times and number of their repetitions', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 400, size: 'max' }), (texts) => {
        const runs: { text: string; first: number; last: number; count: number }[] = [];
        for (const [index, text] of texts.entries()) {
          const run = runs.at(-1);
          if (run?.text === text) Object.assign(run, { last: index, count: run.count + 1 });
          else runs.push({ text, first: index, last: index, count: 1 });
        }
        const timeline = timelineOf(texts.map(moment));
        expect(timeline.map(({ text, at, lastAt, count }) => ({ text, at, lastAt, count }))).toEqual(
          runs.slice(-100).map(({ text, first, last, count }) => ({
            text,
            at: moment(text, first).at,
            lastAt: moment(text, last).at,
            count,
          })),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('does not take another phase or type for a repetition', () => {
    const first = moment('same');
    expect(timelineOf([first, { ...first, phase: 'registering' }])).toHaveLength(2);
    expect(timelineOf([first, { ...first, type: 'disconnected' }])).toHaveLength(2);
  });

  it('returns what nobody can change, and changes nothing that it has returned', () => {
    const before = timelineOf([moment('a')]);
    const copy = structuredClone(before);
    const after = withMoment(withMoment(before, moment('a', 1)), moment('b', 2));
    expect(before).toEqual(copy);
    for (const one of [after, ...after]) expect(Object.isFrozen(one)).toBe(true);
  });
});
