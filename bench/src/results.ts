import { readFile, writeFile } from 'node:fs/promises';
import { type Judgement, judge } from './judgement.js';
import type { Machine } from './machine.js';
import type { Figure } from './measurement.js';

const SCHEMA = 'nestjs-sidecar-agent.bench.v1';

/** A figure in the results file: its summary and its rounds. */
export interface Result extends Judgement {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly against: string;
  readonly note?: string;
  readonly rounds: Pick<Figure, 'baseline' | 'subject'>;
}

/** The results file of a run. */
export interface Results {
  readonly schema: typeof SCHEMA;
  readonly quick: boolean;
  readonly machine: Machine;
  readonly results: readonly Result[];
}

export function toResult(figure: Figure): Result {
  const { id, what, unit, against, note, baseline, subject } = figure;
  const rounds = { baseline: baseline.map(rounded), subject: subject.map(rounded) };
  const { goals, ...medians } = judge(figure);
  return {
    id,
    what,
    unit,
    against,
    note,
    baseline: medians.baseline === null ? null : rounded(medians.baseline),
    subject: rounded(medians.subject),
    ratio: medians.ratio === null ? null : rounded(medians.ratio),
    goals: goals.map((judged) => ({ ...judged, seen: rounded(judged.seen) })),
    rounds,
  };
}

export function toResults(quick: boolean, machine: Machine, figures: readonly Figure[]): Results {
  return { schema: SCHEMA, quick, machine, results: figures.map(toResult) };
}

export function writeResults(path: string, results: Results): Promise<void> {
  return writeFile(path, `${JSON.stringify(results, null, 2)}\n`);
}

/** @throws {Error} if {@link writeResults} did not write the file */
export async function readResults(path: string): Promise<Results> {
  const read = JSON.parse(await readFile(path, 'utf8')) as Partial<Results> | null;
  if (read?.schema !== SCHEMA || !Array.isArray(read.results)) {
    throw new Error(`${path}: must be a results file with the schema ${SCHEMA}`);
  }
  return read as Results;
}

/** Rounds to four significant digits; more would be noise. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
