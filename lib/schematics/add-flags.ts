import { didYouMean } from '../support/text/did-you-mean.js';

/** How the application starts and ends: by `runSidecarApp`, or with Nest's shutdown hooks. */
export type Run = 'managed' | 'hooks';

/** The flags of `nest add nestjs-sidecar-agent`, checked. */
export interface AddFlags {
  readonly run: Run;
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
 * @throws {Error} if a flag is unknown or has a wrong value
 */
export function readFlags(given: Readonly<Record<string, unknown>>): AddFlags {
  for (const name of Object.keys(given)) checkName(name);
  // The Nest CLI takes `-d`, and passes only the long flag on in a way that keeps files as they are.
  if (given.d !== undefined) throw new Error('-d: write --dry-run, which the Nest CLI passes on');
  const sourceRoot = given.sourceRoot;
  return {
    run: runOf(given.run),
    health: switchOf('health', given.health, true),
    test: switchOf('test', given.test, true),
    project: projectOf(given.project ?? given.p),
    sourceRoot: typeof sourceRoot === 'string' && sourceRoot !== 'undefined' ? sourceRoot : undefined,
    skipInstall: switchOf('skip-install', given.skipInstall ?? given.s, false),
  };
}

function checkName(name: string): void {
  if (FLAGS.includes(name) || PASSED_ON.includes(name)) return;
  const known = FLAGS.map((flag) => `--${flag}`).join(', ');
  throw new Error(`--${name}: unknown flag${didYouMean(name, FLAGS)}. Flags: ${known}`);
}

function runOf(given: unknown = 'managed'): Run {
  const run = RUNS.find((each) => each === given);
  if (run) return run;
  const hint = typeof given === 'string' ? didYouMean(given, RUNS) : '';
  throw new Error(
    `--run: must be managed or hooks, got ${String(given)}${hint}. Write --run=managed or --run=hooks`,
  );
}

function switchOf(flag: string, given: unknown, otherwise: boolean): boolean {
  if (given === undefined) return otherwise;
  if (typeof given === 'boolean') return given;
  throw new Error(
    `--${flag}: must be true or false, got ${String(given)}. Write --${flag} or --${flag}=false`,
  );
}

function projectOf(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  // A name of digits alone comes as a number.
  if (typeof given === 'string' || typeof given === 'number') return String(given);
  throw new Error(`--project: must be the name of one project, got ${String(given)}. Write --project=shop`);
}
