// @ts-check
// Prepares a release: version, changelog, commit and tag. It never pushes and never publishes.
import { readArguments } from './release/arguments.mjs';
import { askRepository } from './release/ask-repository.mjs';
import { git } from './release/git.mjs';
import { BRANCH, planRelease } from './release/release-plan.mjs';
import { releaseSteps } from './release/release-steps.mjs';
import { ReleaseError } from './release/release.error.mjs';
import { textDiff } from './release/text-diff.mjs';

try {
  await release();
} catch (error) {
  if (!(error instanceof ReleaseError)) throw error;
  console.error(`release: ${error.message}`);
  process.exitCode = 1;
}

async function release() {
  const { dryRun, ...request } = readArguments(process.argv.slice(2), process.env);
  const plan = await planRelease({ ...request, date: new Date().toISOString().slice(0, 10) }, repository);
  const steps = releaseSteps(plan);
  const { name, version, present, changelog, tag } = plan;
  console.log(`${dryRun ? 'Would release' : 'Releasing'} ${name} ${version} (package.json has ${present}):`);
  if (dryRun) {
    for (const { title } of steps) console.log(`  ${title}`);
    console.log(`\n${textDiff('CHANGELOG.md', changelog.before, changelog.after)}`);
    console.log('Nothing was changed. Run the command without --dry-run to release.');
    return;
  }
  carryOut(steps);
  console.log('\nNothing was pushed or published. The release workflow publishes if you push the tag:');
  console.log(`  git push --atomic origin ${BRANCH} ${tag}`);
}

/** Asks at a terminal. Elsewhere nobody could answer. */
async function repository() {
  if (process.stdin.isTTY && process.stdout.isTTY) return askRepository(process.stdin, process.stdout);
  throw new ReleaseError(
    'repository: package.json names none; run: npm run release -- <version> --repository URL',
  );
}

/** @param {import('./release/release-steps.mjs').Step[]} steps */
function carryOut(steps) {
  const head = git('rev-parse', 'HEAD');
  try {
    for (const { title, run } of steps) {
      console.log(`  ${title}`);
      run();
    }
  } catch (error) {
    // The plan made sure that there was nothing to lose.
    git('reset', '--quiet', '--hard', head);
    const message = error instanceof Error ? error.message : String(error);
    throw new ReleaseError(`${message}\nThe release was undone: files and commits are as before.`);
  }
}
