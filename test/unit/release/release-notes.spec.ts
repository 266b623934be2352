import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PackageRepository } from './support/package-repository.js';

const CHANGELOG = '# Changelog\n\nAll changes.\n\n## [0.1.0] - 2026-01-02\n\n### Added\n\n- A module.\n';

describe('the notes for the release workflow', () => {
  let repository: PackageRepository;

  beforeEach(() => {
    repository = new PackageRepository({
      'package.json': '{ "name": "agent", "version": "0.1.0" }\n',
      'CHANGELOG.md': CHANGELOG,
    });
  });

  afterEach(() => repository.remove());

  const notes = (tag: string) => repository.run('release-notes.mjs', tag);

  it('are the section of the version that the tag names', () => {
    expect(notes('v0.1.0')).toEqual({ status: 0, stdout: '### Added\n\n- A module.\n', stderr: '' });
  });

  it.each(['v0.2.0', '0.1.0'])('are refused for the tag %s, which package.json does not have', (tag) => {
    expect(notes(tag)).toEqual({
      status: 1,
      stdout: '',
      stderr: `release-notes: tag: must be v0.1.0 as in package.json, got "${tag}"\n`,
    });
  });

  it('are refused if CHANGELOG.md does not have the version', () => {
    repository.write('CHANGELOG.md', CHANGELOG.replace('[0.1.0] - 2026-01-02', '[Unreleased]'));
    expect(notes('v0.1.0')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'release-notes: CHANGELOG.md: must have notes under "## [0.1.0]", got none\n',
    });
  });
});
