import { describe, expect, it } from '@jest/globals';
import type { Figure } from '../../../bench/src/measurement.js';
import { compare, renderComparison } from '../../../bench/src/report/compare.js';
import { describeGoal, number } from '../../../bench/src/report/format.js';
import { renderPlot } from '../../../bench/src/report/plot.js';
import { renderNotes, renderTable } from '../../../bench/src/report/table.js';
import { type Results, toResult, toResults } from '../../../bench/src/results.js';

const REGISTER: Figure = {
  id: 'register.p50',
  what: 'a register',
  unit: 'ms',
  against: 'a bare POST',
  baseline: [1, 1, 1],
  subject: [1.1, 1.2, 1.3],
  goals: [{ of: 'ratio', atMost: 1.15 }],
};
const STATUS: Figure = {
  id: 'status',
  what: 'one call',
  unit: 'ns',
  against: '',
  baseline: [],
  subject: [7],
  goals: [
    { of: 'subject', atMost: 40 },
    { of: 'subject', atMost: 1 },
  ],
  note: 'cached',
};
const MACHINE: Results['machine'] = {
  node: 'v22.0.0',
  platform: 'linux x64',
  cpu: 'A <fast> one',
  cores: 2,
  memoryGiB: 4,
  load: { before: 0, after: 1 },
  date: '2026-11-22',
};

const resultsOf = (...figures: Figure[]) => figures.map(toResult);

describe('renderTable', () => {
  it('has a line for each figure, the baseline beside it, and one for each further goal', () => {
    expect(renderTable(resultsOf(REGISTER, STATUS))).toEqual([
      'figure        unit  baseline  subject  ratio  to reach       seen',
      'register.p50  ms           1      1.2    1.2  ratio <= 1.15   1.2  MISSED',
      'status        ns                    7         <= 40 ns          7  reached',
      '                                              <= 1 ns           7  MISSED',
    ]);
  });

  it('describes each figure and its baseline', () => {
    expect(renderNotes(resultsOf(REGISTER, STATUS))).toEqual([
      'register.p50: a register; baseline: a bare POST',
      'status: one call',
      '  cached',
    ]);
  });
});

describe('compare', () => {
  const slower: Figure = { ...REGISTER, subject: [1.4, 1.5, 1.6] };

  it('compares ratios, which depend less on the machine', () => {
    const [change] = compare(resultsOf(REGISTER), resultsOf({ ...slower, baseline: [2, 2, 2] }));
    expect(change).toMatchObject({ of: 'ratio', before: 1.2, after: 0.75, factor: 0.625, beyondNoise: true });
  });

  it('compares the figure itself if it has no baseline', () => {
    const [change] = compare(resultsOf(STATUS), resultsOf({ ...STATUS, subject: [14] }));
    expect(change).toMatchObject({ of: 'subject', before: 7, after: 14, factor: 2 });
  });

  it('treats rounds that overlap as noise', () => {
    const [change] = compare(resultsOf(REGISTER), resultsOf({ ...REGISTER, subject: [1.25, 1.4, 1.5] }));
    expect(change).toMatchObject({ beyondNoise: false });
  });

  it('skips figures that only one run has', () => {
    expect(compare(resultsOf(REGISTER), resultsOf(STATUS))).toEqual([]);
  });

  it('shows the change, and whether the machines differ', () => {
    const old = toResults(false, { ...MACHINE, node: 'v20.0.0' }, [REGISTER]);
    const now = toResults(false, MACHINE, [slower]);
    expect(renderComparison(old, now)).toEqual(
      [
        'compared with a run on another machine or Node: v20.0.0, 2 × A <fast> one',
        'figure        of     before  after   change',
        'register.p50  ratio     1.2    1.5  +25 %',
      ].map((line) => expect.stringMatching(pattern(line))),
    );
    expect(renderComparison(now, now)).toHaveLength(2);
    expect(renderComparison(now, now)[1]).toMatch(/\+0 % +within the noise$/);
  });
});

describe('renderPlot', () => {
  it('is an SVG with a row for each goal, its words escaped', () => {
    const svg = renderPlot(resultsOf(REGISTER, STATUS), 'on A <fast> one');
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[^]*<\/svg>\n$/);
    expect(svg).toContain('on A &lt;fast> one');
    expect(svg.match(/fill-opacity/g)).toHaveLength(3);
    expect(svg.match(/<circle/g)).toHaveLength(5);
    expect(svg).toContain('register.p50, ratio &lt;= 1.15');
    expect(svg).not.toContain('NaN');
  });
});

describe('numbers and goals in words', () => {
  it.each([
    [0, '0'],
    [0.01234, '0.0123'],
    [7, '7'],
    [1.15, '1.15'],
    [123_456.7, '123,457'],
    [null, ''],
    [NaN, ''],
  ])('%d is %j', (value, words) => {
    expect(number(value)).toBe(words);
  });

  it.each([
    [{ of: 'ratio', atLeast: 0.6 }, 'ratio >= 0.6'],
    [{ of: 'subject', atMost: 5 }, '<= 5 ms'],
    [{ of: 'difference', atMost: 60 }, '<= 60 ms more'],
  ] as const)('%j is %j', (goal, words) => {
    expect(describeGoal(goal, 'ms')).toBe(words);
  });
});

/** Matches the line with columns of any width. */
function pattern(line: string): RegExp {
  const words = line.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${words.join('\\s+')}$`);
}
