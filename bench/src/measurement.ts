/** How large a run is: `quick` is for looking while changing something, its figures are rough. */
export interface Scale {
  readonly quick: boolean;
  /** Alternations of baseline and subject, at least five. */
  readonly rounds: number;
}

/** What a figure is to reach, of the ratio or of the subject itself. */
export interface Goal {
  readonly of: 'ratio' | 'difference' | 'subject';
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One figure: what was seen round by round, the baseline beside it. */
export interface Figure {
  /** Stable, for comparisons: `register.p50`. */
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  /** What stands beside it; empty where the figure stands alone. */
  readonly against: string;
  /** One value a round; empty where the figure stands alone. */
  readonly baseline: readonly number[];
  readonly subject: readonly number[];
  readonly goals: readonly Goal[];
  /** What a reader must know to believe it. */
  readonly note?: string;
}

/** One measurement: a file in `suite/`, a process of its own. */
export interface Benchmark {
  run(scale: Scale): Promise<Figure[]>;
}
