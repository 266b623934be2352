import type { Result, Results } from '../results.js';
import { columns, number } from './format.js';

/** How a figure has changed. */
export interface Change {
  readonly id: string;
  readonly unit: string;
  /** Ratios are compared if there are any, because they depend less on the machine. */
  readonly of: 'ratio' | 'subject';
  readonly before: number;
  readonly after: number;
  /** `after / before`. */
  readonly factor: number;
  /** Whether the rounds of both runs do not overlap; otherwise the change may be noise. */
  readonly beyondNoise: boolean;
}

/** Returns the changes since another run, for the figures that both runs have. */
export function compare(before: readonly Result[], after: readonly Result[]): Change[] {
  return after.flatMap((result) => {
    const old = before.find(({ id }) => id === result.id);
    return old ? [changeOf(old, result)] : [];
  });
}

/** Renders the changes as a table, with a line before it if the machines differ. */
export function renderComparison(old: Results, now: Results): string[] {
  const [was, is] = [old, now].map(({ machine: { cpu, cores, node } }) => `${node}, ${cores} × ${cpu}`);
  const elsewhere = was === is ? [] : [`compared with a run on another machine or Node: ${was}`];
  const rows = compare(old.results, now.results).map((change) => [
    change.id,
    change.of === 'ratio' ? 'ratio' : change.unit,
    number(change.before),
    number(change.after),
    `${change.factor >= 1 ? '+' : ''}${number((change.factor - 1) * 100)} %`,
    change.beyondNoise ? '' : 'within the noise',
  ]);
  return [
    ...elsewhere,
    ...columns([['figure', 'of', 'before', 'after', 'change', ''], ...rows], new Set([2, 3, 4])),
  ];
}

function changeOf(old: Result, result: Result): Change {
  const of = old.ratio !== null && result.ratio !== null ? 'ratio' : 'subject';
  const [before, after] = [old, result].map((each) => each[of] ?? NaN) as [number, number];
  return {
    id: result.id,
    unit: result.unit,
    of,
    before,
    after,
    factor: after / before,
    beyondNoise: areApart(valuesOf(old, of), valuesOf(result, of)),
  };
}

function valuesOf({ rounds }: Result, of: Change['of']): number[] {
  return rounds.subject.map((value, round) =>
    of === 'ratio' ? value / (rounds.baseline[round] ?? NaN) : value,
  );
}

function areApart(one: readonly number[], other: readonly number[]): boolean {
  return Math.max(...one) < Math.min(...other) || Math.max(...other) < Math.min(...one);
}
