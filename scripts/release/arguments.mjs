// @ts-check
import { parseArgs } from 'node:util';
import { ReleaseError } from './release.error.mjs';

export const USAGE =
  'Usage: npm run release -- <version | patch | minor | major> [--dry-run] [--repository URL]';

/**
 * Reads the command line of the release script.
 *
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
export function readArguments(args, env) {
  const { positionals, values } = parse(args);
  const [target] = positionals;
  if (target === undefined || positionals.length > 1) {
    throw new ReleaseError(`expected one version, got ${positionals.length}\n${USAGE}`);
  }
  // Without the `--` of `npm run release -- …` npm keeps --dry-run for itself.
  const dryRun = values['dry-run'] || env.npm_config_dry_run === 'true';
  return { target, dryRun, repository: values.repository };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        'dry-run': { type: 'boolean', default: false },
        repository: { type: 'string' },
      },
    });
  } catch (error) {
    throw new ReleaseError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}
