/** The milliseconds of each unit. Both `µ` (micro sign) and `μ` (Greek letter) are valid in Go. */
const UNITS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ns: 1e-6,
};
/** No digit can match in two ways, so that a long text takes no longer for its length. */
const TERM = /(\d+(?:\.\d*)?|\.\d+)(h|ms|m|s|us|µs|μs|ns)/gy;

/**
 * Reads a duration in Go's notation: `'0'`, `'500ms'`, `'20s'`, `'1m30s'`, `'1.5h'`. Unlike Go, it
 * refuses negative durations. `'-0s'` is zero, as in Go.
 *
 * @param text one or more decimal numbers, each with a unit; a leading `+` is allowed
 * @returns milliseconds, or `undefined` if the text is not such a duration
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function parseGoDuration(text: string): number | undefined {
  const body = /^[+-]/.test(text) ? text.slice(1) : text;
  if (body === '0') return 0;
  if (body === '') return undefined;
  let total = 0;
  let end = 0;
  TERM.lastIndex = 0;
  while (end < body.length) {
    const term = TERM.exec(body);
    if (!term) return undefined;
    total += Number(term[1]) * (UNITS[term[2] ?? ''] ?? Number.NaN);
    end = TERM.lastIndex;
  }
  if (text.startsWith('-') && total > 0) return undefined;
  return Number.isFinite(total) ? total : undefined;
}

/**
 * Writes a duration in Go's notation, as the agent expects it in `grace_period`: `20000` becomes
 * `'20s'`, `90000` becomes `'1m30s'`.
 *
 * @param milliseconds 0 or more; fractions are rounded
 */
export function formatGoDuration(milliseconds: number): string {
  let rest = Math.round(milliseconds);
  if (rest === 0) return '0s';
  let text = '';
  for (const unit of ['h', 'm', 's', 'ms'] as const) {
    const size = UNITS[unit] ?? 1;
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text;
}
