// @ts-check
// Prints the notes of the version that a tag names, for the release workflow. Fails unless
// package.json and CHANGELOG.md have that version.
import { readFileSync } from 'node:fs';
import { releaseNotes } from './release/changelog.mjs';
import { readManifest } from './release/manifest.mjs';
import { ReleaseError } from './release/release.error.mjs';

try {
  process.stdout.write(notesOf(process.argv[2] ?? ''));
} catch (error) {
  if (!(error instanceof ReleaseError)) throw error;
  console.error(`release-notes: ${error.message}`);
  process.exitCode = 1;
}

/** @param {string} tag */
function notesOf(tag) {
  const { version } = readManifest(readFileSync('package.json', 'utf8'));
  if (tag !== `v${version}`) {
    throw new ReleaseError(`tag: must be v${version} as in package.json, got "${tag}"`);
  }
  return releaseNotes(readFileSync('CHANGELOG.md', 'utf8'), version);
}
