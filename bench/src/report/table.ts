import type { Result } from '../results.js';
import { columns, describeGoal, number } from './format.js';

const HEAD = ['figure', 'unit', 'baseline', 'subject', 'ratio', 'to reach', 'seen', ''];

/** Renders the table of a run: a line for each figure, and one for each further goal. */
export function renderTable(results: readonly Result[]): string[] {
  return columns([HEAD, ...results.flatMap(rowsOf)], new Set([2, 3, 4, 6]));
}

/** Renders the subject, the baseline and the note of each figure. */
export function renderNotes(results: readonly Result[]): string[] {
  return results.flatMap(({ id, what, against, note }) => [
    `${id}: ${what}${against ? `; baseline: ${against}` : ''}`,
    ...(note ? [`  ${note}`] : []),
  ]);
}

function rowsOf({ id, unit, baseline, subject, ratio, goals }: Result): string[][] {
  const values = [id, unit, number(baseline), number(subject), number(ratio)];
  const [first, ...others] = goals.map(({ goal, seen, reached }) => [
    describeGoal(goal, unit),
    number(seen),
    reached ? 'reached' : 'MISSED',
  ]);
  return [[...values, ...(first ?? ['', '', ''])], ...others.map((goal) => ['', '', '', '', '', ...goal])];
}
