/** Two ways to do one thing, each telling what it took. */
export interface Contest {
  readonly baseline: (round: number) => Promise<number> | number;
  readonly subject: (round: number) => Promise<number> | number;
}

/** What each side took, one value a round. */
export interface Outcome {
  readonly baseline: number[];
  readonly subject: number[];
}

/**
 * Runs both sides in turn, the first one changing from round to round: whatever the
 * machine does meanwhile, it does to both.
 *
 * @param warmUps rounds that do not count, until V8 has compiled both sides
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
