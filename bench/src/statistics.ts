/** Returns the median; `NaN` for an empty list. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/**
 * Returns the value below which `rank` per cent of the numbers lie, with interpolation.
 *
 * @param rank 0 to 100
 */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const place = ((sorted.length - 1) * rank) / 100;
  const low = sorted[Math.floor(place)] ?? NaN;
  const high = sorted[Math.ceil(place)] ?? NaN;
  return low + (high - low) * (place - Math.floor(place));
}

/** A straight line through points, by least squares. */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** The explained share of the variance: 1 if all points are on the line. */
  readonly r2: number;
}

/** Fits a line through points `[x, y]`. The result is `NaN` if all `x` are equal. */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): Line {
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const [x, y] of points) {
    xx += (x - meanX) ** 2;
    xy += (x - meanX) * (y - meanY);
    yy += (y - meanY) ** 2;
  }
  const slope = xy / xx;
  return { slope, intercept: meanY - slope * meanX, r2: yy === 0 ? 1 : (slope * xy) / yy };
}

/** Returns `subject / baseline` of each round, since other load in a round affects both sides. */
export function ratios(baseline: readonly number[], subject: readonly number[]): number[] {
  return pairs(baseline, subject).map(([base, value]) => value / base);
}

/** Returns `subject - baseline` of each round. */
export function differences(baseline: readonly number[], subject: readonly number[]): number[] {
  return pairs(baseline, subject).map(([base, value]) => value - base);
}

function pairs(baseline: readonly number[], subject: readonly number[]): [number, number][] {
  return baseline
    .slice(0, subject.length)
    .map((value, round): [number, number] => [value, subject[round] ?? NaN]);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
