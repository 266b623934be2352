// @ts-check
import semver from 'semver';
import { ReleaseError } from './release.error.mjs';

/**
 * Returns the version to release.
 *
 * @param {string} target `patch`, `minor`, `major` or a version
 * @param {string} present the version in package.json
 * @param {boolean} released whether any version was released before
 */
export function nextVersion(target, present, released) {
  const parsed = semver.parse(present);
  if (!parsed) throw new ReleaseError(`package.json: version must be a semantic version, got "${present}"`);
  if (target === 'patch' || target === 'minor' || target === 'major') return parsed.inc(target).version;
  // semver also takes "v1.2.3" and drops build metadata; npm and the tag need one form.
  if (semver.valid(target) !== target) {
    throw new ReleaseError(
      `version: must be patch, minor, major or a semantic version such as 1.2.3, got "${target}"`,
    );
  }
  // package.json names the first version before it is released.
  const first = !released && target === present;
  if (!first && !semver.gt(target, present)) {
    throw new ReleaseError(`version: must be higher than ${present} in package.json, got "${target}"`);
  }
  return target;
}
