/** The other processes that go on serving the port of this one. */
export interface RemainingWorkers {
  readonly onPort: number;
  /** Those of them that register under the instance id of this process. */
  readonly ofInstance: number;
}

/** The processes that go on, and what they have answered. */
export interface AskedWorkers extends RemainingWorkers {
  readonly answers: readonly string[];
}

/** What one of them has said. */
export interface WorkerAnswer {
  /** Whether it has the instance id of this process. */
  readonly ofInstance: boolean;
  readonly answer: string;
}

/** Sums up the answers; `undefined` is that of a process that does not go on. */
export function countRemaining(all: readonly (WorkerAnswer | undefined)[]): AskedWorkers {
  const going = all.filter((each) => each !== undefined);
  return {
    onPort: going.length,
    ofInstance: going.filter(({ ofInstance }) => ofInstance).length,
    answers: going.map(({ answer }) => answer),
  };
}
