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
export async function alternate(
  rounds: number,
  { baseline, subject }: Contest,
  warmUps = 1,
): Promise<Outcome> {
  const outcome: Outcome = { baseline: [], subject: [] };
  for (let round = 0; round < warmUps + rounds; round += 1) {
    const sides = [
      async () => ({ side: 'baseline' as const, took: await baseline(round) }),
      async () => ({ side: 'subject' as const, took: await subject(round) }),
    ];
    if (round % 2 === 1) sides.reverse();
    for (const run of sides) {
      const { side, took } = await run();
      if (round >= warmUps) outcome[side].push(took);
    }
  }
  return outcome;
}
