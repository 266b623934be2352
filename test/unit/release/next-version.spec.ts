import { describe, expect, it } from '@jest/globals';
import { nextVersion } from '../../../scripts/release/next-version.mjs';

describe('the version to release', () => {
  it.each([
    ['patch', '0.1.0', '0.1.1'],
    ['minor', '0.1.1', '0.2.0'],
    ['major', '0.2.3', '1.0.0'],
    ['minor', '0.2.0-rc.1', '0.2.0'],
    ['0.1.1', '0.1.0', '0.1.1'],
    ['0.2.0-rc.1', '0.1.0', '0.2.0-rc.1'],
    ['0.2.0', '0.2.0-rc.1', '0.2.0'],
  ])('%s after %s is %s', (target, present, next) => {
    expect(nextVersion(target, present, true)).toBe(next);
  });

  it.each(['0.1.0', '0.0.9', '0.1.0-rc.1'])('refuses %s after 0.1.0', (target) => {
    expect(() => nextVersion(target, '0.1.0', true)).toThrow(
      `version: must be higher than 0.1.0 in package.json, got "${target}"`,
    );
  });

  it.each(['1.2', 'v1.2.3', '1.2.3+build', '01.2.3', 'latest', ''])('refuses "%s"', (target) => {
    expect(() => nextVersion(target, '0.1.0', true)).toThrow(
      `version: must be patch, minor, major or a semantic version such as 1.2.3, got "${target}"`,
    );
  });

  it('takes the version in package.json for the first release alone', () => {
    expect(nextVersion('0.1.0', '0.1.0', false)).toBe('0.1.0');
    expect(() => nextVersion('0.0.9', '0.1.0', false)).toThrow('must be higher than 0.1.0');
  });

  it('refuses a package without a semantic version', () => {
    expect(() => nextVersion('patch', 'next', true)).toThrow(
      'package.json: version must be a semantic version, got "next"',
    );
  });
});
