import { parseArgs } from 'node:util';
import { BENCHMARK_NAMES, type BenchmarkName, CATALOGUE, isBenchmarkName } from './catalogue.js';

/** What the command line asks for. */
export interface BenchArguments {
  /** The measurements to run, in the catalogue's order. */
  readonly only: readonly BenchmarkName[];
  readonly quick: boolean;
  /** Whether each process writes a CPU profile. */
  readonly prof: boolean;
  /** The results of another run, to set beside this one's. */
  readonly compare?: string;
}

/** The command line asks for what there is not. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const HELP = `npm run bench -- [options]

  --only NAME,NAME   only these measurements
  --quick            fewer and shorter rounds: rough figures, in a fraction of the time
  --compare FILE     beside the results of another run, such as a copy of bench/results.json
  --prof             a CPU profile of each process, in bench/profiles
  --help

A run of everything writes bench/results.json and docs/performance.svg; any other one writes bench/results.partial.json.

${BENCHMARK_NAMES.map((name) => `  ${name.padEnd(10)} ${CATALOGUE[name]}`).join('\n')}`;

/**
 * Reads the command line.
 *
 * @throws {UsageError}
 */
export function readArguments(args: readonly string[]): BenchArguments | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  const { quick = false, prof = false, compare } = values;
  return { only: readNames(values.only), quick, prof, compare };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', multiple: true },
        quick: { type: 'boolean' },
        prof: { type: 'boolean' },
        compare: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function readNames(only: readonly string[] | undefined): readonly BenchmarkName[] {
  if (!only) return BENCHMARK_NAMES;
  const names = only.flatMap((list) => list.split(',')).map((name) => name.trim());
  const unknown = names.filter((name) => !isBenchmarkName(name));
  if (unknown.length > 0) {
    throw new UsageError(
      `no measurement is called ${unknown.join(', ')}: there are ${BENCHMARK_NAMES.join(', ')}`,
    );
  }
  return BENCHMARK_NAMES.filter((name) => names.includes(name));
}
