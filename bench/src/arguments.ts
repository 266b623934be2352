import { parseArgs } from 'node:util';
import { BENCHMARK_NAMES, type BenchmarkName, CATALOGUE, isBenchmarkName } from './catalogue.js';

/** The options of the command line. */
export interface BenchArguments {
  /** The measurements to run, in the order of the catalogue. */
  readonly only: readonly BenchmarkName[];
  readonly quick: boolean;
  /** Whether each process writes a CPU profile. */
  readonly prof: boolean;
  /** The file with the results of another run, to compare with. */
  readonly compare?: string;
}

/** The command line is invalid. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const HELP = `npm run bench -- [options]

  --only NAME,NAME   run only these measurements
  --quick            run fewer and shorter rounds: rough figures, much faster
  --compare FILE     compare with the results of another run, such as a copy of bench/results.json
  --prof             write a CPU profile of each process to bench/profiles
  --help             show this text

A full run writes bench/results.json and docs/performance.svg. Other runs write bench/results.partial.json.

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
      `--only: must be measurements of ${BENCHMARK_NAMES.join(', ')}, got ${unknown.join(', ')}`,
    );
  }
  return BENCHMARK_NAMES.filter((name) => names.includes(name));
}
