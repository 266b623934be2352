import { didYouMean } from '../support/text/did-you-mean.js';

/** How the application starts and ends: by `runSidecarApp`, or with Nest's shutdown hooks. */
export type Run = 'managed' | 'hooks';

/** The flags of `nest add nestjs-sidecar-agent`, checked. */
export interface AddFlags {
  readonly run: Run;
  /** True if `--run` is written out: `run` is no default and no answer to the question then. */
  readonly isRunChosen?: true;
  readonly health: boolean;
  readonly test: boolean;
  /** The project of a monorepo; without it, that of the source root. */
  readonly project?: string;
  /** What the Nest CLI read from nest-cli.json, or asked for. */
  readonly sourceRoot?: string;
  readonly skipInstall: boolean;
}

const RUNS: readonly Run[] = ['managed', 'hooks'];
const FLAGS = ['run', 'health', 'test', 'project', 'dry-run', 'skip-install'];
/** What schematics get from the Nest CLI besides: `-s`, `-p` and the source root. */
const PASSED_ON = ['sourceRoot', 'skipInstall', 'dryRun', 's', 'p', 'd'];

/**
 * Checks the flags, as the schematics command has parsed them.
 *
 * @param argv its arguments, by which a `--run` that is written out differs from the default. The
 *   command of the Nest CLI 12 takes `--no-health` for `--health`
 * @throws {Error} if a flag is unknown or has a wrong value
 */
export function readFlags(given: Readonly<Record<string, unknown>>, argv: readonly string[] = []): AddFlags {
  for (const name of Object.keys(given)) checkName(name);
  // The Nest CLI passes it on, and schematics know the long flag alone: they would write files.
  if (given.d !== undefined) throw new Error('-d: schematics do not know it. Write --dry-run');
  const sourceRoot = given.sourceRoot;
  return {
    run: runOf(given.run),
    isRunChosen: argv.some((each) => /^--run(=|$)/.test(each)) || undefined,
    health: !argv.includes('--no-health') && switchOf('health', given.health, true),
    test: !argv.includes('--no-test') && switchOf('test', given.test, true),
    project: projectOf(given.project ?? given.p),
    sourceRoot: typeof sourceRoot === 'string' && sourceRoot !== 'undefined' ? sourceRoot : undefined,
    skipInstall: switchOf('skip-install', given.skipInstall ?? given.s, false),
  };
}

function checkName(given: string): void {
  if (FLAGS.includes(given) || PASSED_ON.includes(given)) return;
  const name = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const known = FLAGS.map((flag) => `--${flag}`).join(', ');
  throw new Error(`--${name}: unknown flag${didYouMean(name, FLAGS)}. Flags: ${known}`);
}

function runOf(given: unknown = 'managed'): Run {
  const run = RUNS.find((each) => each === given);
  if (run) return run;
  const hint = didYouMean(shown(given), RUNS);
  throw new Error(
    `--run: must be managed or hooks, got ${shown(given)}${hint}. Write --run=managed or --run=hooks`,
  );
}

function switchOf(flag: string, given: unknown, otherwise: boolean): boolean {
  if (given === undefined) return otherwise;
  // The Nest CLI 11 passes on text.
  if (given === true || given === 'true') return true;
  if (given === false || given === 'false') return false;
  throw new Error(
    `--${flag}: must be true or false, got ${shown(given)}. Write --${flag} or --${flag}=false`,
  );
}

function projectOf(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  // A name of digits alone comes as a number.
  if (typeof given === 'string' || typeof given === 'number') return String(given);
  throw new Error(`--project: must be the name of one project, got ${shown(given)}. Write --project=shop`);
}

function shown(given: unknown): string {
  return typeof given === 'string' ? given : JSON.stringify(given);
}
