/** The size of a run. `quick` is for use during development; its figures are rough. */
export interface Scale {
  readonly quick: boolean;
  /** The number of rounds, each with the baseline and the subject; at least five. */
  readonly rounds: number;
}

/** The goal of a figure: a bound for its ratio, its difference or the subject. */
export interface Goal {
  readonly of: 'ratio' | 'difference' | 'subject';
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One figure: the values of all rounds, with those of the baseline. */
export interface Figure {
  /** A stable name for comparisons, for example `register.p50`. */
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  /** The baseline in words; empty if there is none. */
  readonly against: string;
  /** One value per round; empty if there is no baseline. */
  readonly baseline: readonly number[];
  readonly subject: readonly number[];
  readonly goals: readonly Goal[];
  /** An explanation for readers. */
  readonly note?: string;
}

/** One measurement: a file in `suite/`, which runs in its own process. */
export interface Benchmark {
  run(scale: Scale): Promise<Figure[]>;
}
