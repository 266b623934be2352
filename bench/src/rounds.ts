/** Two ways to do one thing. Each returns its measured value. */
export interface Contest {
  readonly baseline: (round: number) => Promise<number> | number;
  readonly subject: (round: number) => Promise<number> | number;
}

/** The values of both sides, one per round. */
export interface Outcome {
  readonly baseline: number[];
  readonly subject: number[];
}

/**
 * Runs both sides alternately, and changes which side is first in each round, so that other load on
 * the machine affects both.
 *
 * @param warmUps rounds at the start that do not count, until V8 has compiled both sides
 */
export async function alternate(rounds: number, contest: Contest, warmUps = 1): Promise<Outcome> {
  const [baseline = [], subject = []] = await inTurns(
    [contest.baseline, contest.subject],
    rounds,
    (run, round) => run(round),
    warmUps,
  );
  return { baseline, subject };
}

/**
 * Measures any number of sides in each round as {@link alternate} does two. Returns the values of
 * each, in the order of the sides.
 */
export async function inTurns<Side, Value>(
  sides: readonly Side[],
  rounds: number,
  measure: (side: Side, round: number) => Promise<Value> | Value,
  warmUps = 1,
): Promise<Value[][]> {
  const seen = sides.map((side) => ({ side, values: [] as Value[] }));
  for (let round = 0; round < warmUps + rounds; round += 1) {
    for (const { side, values } of round % 2 === 0 ? seen : seen.toReversed()) {
      const value = await measure(side, round);
      if (round >= warmUps) values.push(value);
    }
  }
  return seen.map(({ values }) => values);
}
