// @ts-check
import { readFileSync } from 'node:fs';
import { checkUnreleased, hasReleases, releaseChangelog } from './changelog.mjs';
import { checkTagIsFree, checkWorkTree } from './git.mjs';
import { declaredPage, readManifest } from './manifest.mjs';
import { nextVersion } from './next-version.mjs';
import { ReleaseError } from './release.error.mjs';
import { repositoryPage } from './repository-page.mjs';

/** Releases are made on this branch. */
export const BRANCH = 'main';

/**
 * Checks that the package in the working directory can be released, and returns what the release
 * changes.
 *
 * @param {object} request
 * @param {string} request.target `patch`, `minor`, `major` or a version
 * @param {string} request.date such as 2026-01-31
 * @param {string} [request.repository] the repository that package.json does not name yet
 * @param {() => Promise<string>} ask returns the page of the repository if nothing names it
 */
export async function planRelease({ target, date, repository }, ask) {
  checkWorkTree(BRANCH);
  const manifest = readManifest(readFileSync('package.json', 'utf8'));
  const before = readFileSync('CHANGELOG.md', 'utf8');
  const version = nextVersion(target, manifest.version, hasReleases(before));
  const tag = `v${version}`;
  checkTagIsFree(tag);
  checkUnreleased(before, version);
  const declared = declaredPage(manifest);
  const given = repository === undefined ? undefined : repositoryPage(repository);
  if (declared && given && given !== declared) {
    throw new ReleaseError(`--repository: package.json names ${declared}; change it there, got "${given}"`);
  }
  const page = declared ?? given ?? (await ask());
  return {
    name: manifest.name,
    present: manifest.version,
    version,
    tag,
    page,
    declared: declared !== undefined,
    changelog: { before, after: releaseChangelog(before, { version, date, page }) },
  };
}
