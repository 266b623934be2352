import type { Goal } from '../measurement.js';

/** Formats a value with three significant digits: `0.0123`, `1.23`, `12,300`. */
export function number(value: number | null): string {
  if (value === null || Number.isNaN(value)) return '';
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: 0 });
}

/** Describes a goal: `ratio <= 1.15`, `<= 40 ns`, `<= 60 ms more`. */
export function describeGoal({ of, atLeast, atMost }: Goal, unit: string): string {
  const sign = atLeast === undefined ? '<=' : '>=';
  const bound = number(atLeast ?? atMost ?? null);
  if (of === 'ratio') return `ratio ${sign} ${bound}`;
  return `${sign} ${bound} ${unit}${of === 'difference' ? ' more' : ''}`;
}

/** Renders rows with columns as wide as their widest cell; those in `right` are right-aligned. */
export function columns(rows: readonly (readonly string[])[], right: ReadonlySet<number>): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        right.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
