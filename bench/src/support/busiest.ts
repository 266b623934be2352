/**
 * Returns the highest number of moments in any window.
 *
 * @param moments in any order, in the unit of `window`
 */
export function busiest(moments: readonly number[], window: number): number {
  const sorted = [...moments].sort((one, other) => one - other);
  let most = 0;
  let first = 0;
  sorted.forEach((moment, index) => {
    while (moment - (sorted[first] ?? moment) >= window) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
}
