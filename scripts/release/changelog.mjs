// @ts-check
import { parser, Release } from 'keep-a-changelog';
import { ReleaseError } from './release.error.mjs';

/**
 * Tells whether the changelog has a released version.
 *
 * @param {string} text
 */
export function hasReleases(text) {
  return parse(text).releases.some(({ version }) => version !== undefined);
}

/**
 * Throws unless the changelog has notes for a new version.
 *
 * @param {string} text
 * @param {string} version
 */
export function checkUnreleased(text, version) {
  unreleasedIn(parse(text), version);
}

/**
 * Moves the notes under Unreleased to a version, and links the versions to the repository.
 *
 * @param {string} text
 * @param {{ version: string, date: string, page: string }} release
 */
export function releaseChangelog(text, { version, date, page }) {
  const changelog = parse(text);
  const unreleased = unreleasedIn(changelog, version);
  unreleased.setVersion(version);
  unreleased.setDate(date);
  changelog.addRelease(new Release());
  changelog.url = page;
  return changelog.toString();
}

/**
 * Returns the notes of a version without their heading.
 *
 * @param {string} text
 * @param {string} version
 */
export function releaseNotes(text, version) {
  const changelog = parse(text);
  const release = changelog.findRelease(version);
  if (!release || release.isEmpty()) {
    throw new ReleaseError(`CHANGELOG.md: must have notes under "## [${version}]", got none`);
  }
  return `${release.toString(changelog).replace(/^## .*\n+/, '')}\n`;
}

/**
 * @param {import('keep-a-changelog').Changelog} changelog
 * @param {string} version
 */
function unreleasedIn(changelog, version) {
  const unreleased = changelog.findRelease();
  if (!unreleased || unreleased.isEmpty()) {
    throw new ReleaseError('CHANGELOG.md: must have notes under "## [Unreleased]", got none');
  }
  if (changelog.findRelease(version)) {
    throw new ReleaseError(`CHANGELOG.md: has a section for ${version} already`);
  }
  return unreleased;
}

/** @param {string} text */
function parse(text) {
  try {
    const changelog = parser(text);
    // The form that Prettier keeps.
    changelog.format = 'markdownlint';
    return changelog;
  } catch (error) {
    // The parser's own message names a line at best.
    throw new ReleaseError(
      'CHANGELOG.md: must have the form of keepachangelog.com, with lists under Added, Changed, Deprecated, ' +
        `Removed, Fixed or Security alone: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
