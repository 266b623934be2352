import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { format } from 'prettier';
import {
  checkUnreleased,
  hasReleases,
  releaseChangelog,
  releaseNotes,
} from '../../../scripts/release/changelog.mjs';

const PAGE = 'https://github.com/acme/agent';
const INTRO = '# Changelog\n\nAll changes.\n\n';
const FIRST = `${INTRO}## [Unreleased]

### Added

- A module, which is
  described in two lines.
- A command.

### Fixed

- The clock.
`;

const first = () => releaseChangelog(FIRST, { version: '0.1.0', date: '2026-01-02', page: PAGE });

/** A later release: the links of the first one are there already. */
function second(): string {
  const text = first().replace('## [Unreleased]\n', '## [Unreleased]\n\n### Changed\n\n- The port.\n');
  return releaseChangelog(text, { version: '0.2.0-rc.1', date: '2026-02-03', page: PAGE });
}

describe('a changelog that is released', () => {
  it('gets the version, the date and the links, and keeps every other line', () => {
    expect(first()).toBe(
      FIRST.replace('## [Unreleased]\n', '## [Unreleased]\n\n## [0.1.0] - 2026-01-02\n') +
        `\n[Unreleased]: ${PAGE}/compare/v0.1.0...HEAD\n[0.1.0]: ${PAGE}/releases/tag/v0.1.0\n`,
    );
  });

  it('compares a later version with the one before', () => {
    expect(second()).toContain(
      '## [Unreleased]\n\n## [0.2.0-rc.1] - 2026-02-03\n\n### Changed\n\n- The port.\n\n## [0.1.0]',
    );
    expect(second()).toMatch(
      new RegExp(
        String.raw`\n\n\[Unreleased\]: ${PAGE}/compare/v0\.2\.0-rc\.1\.\.\.HEAD
\[0\.2\.0-rc\.1\]: ${PAGE}/compare/v0\.1\.0\.\.\.v0\.2\.0-rc\.1
\[0\.1\.0\]: ${PAGE}/releases/tag/v0\.1\.0\n$`,
      ),
    );
  });

  it('is in the form of Prettier', async () => {
    expect(await format(second(), { parser: 'markdown' })).toBe(second());
  });

  it('tells whether a version was released', () => {
    expect(hasReleases(FIRST)).toBe(false);
    expect(hasReleases(first())).toBe(true);
  });

  it.each([
    ['no such heading', INTRO],
    ['nothing under the heading', `${INTRO}## [Unreleased]\n`],
    ['headings alone under it', `${INTRO}## [Unreleased]\n\n### Added\n\n### Fixed\n`],
  ])('needs notes under Unreleased: %s', (_, text) => {
    expect(() => checkUnreleased(text, '0.1.0')).toThrow(
      'CHANGELOG.md: must have notes under "## [Unreleased]", got none',
    );
  });

  it('has each version once', () => {
    const text = first().replace('## [Unreleased]\n', '## [Unreleased]\n\n### Added\n\n- More.\n');
    expect(() => checkUnreleased(text, '0.1.0')).toThrow('CHANGELOG.md: has a section for 0.1.0 already');
  });

  it.each([
    ['a heading of its own', '### Mended'],
    ['prose where a version is expected', '## Soon'],
  ])('must have the form of Keep a Changelog: %s', (_, heading) => {
    expect(() => hasReleases(FIRST.replace('### Fixed', heading))).toThrow(
      /^CHANGELOG\.md: must have the form of keepachangelog\.com, with lists under Added, .* alone: /,
    );
  });
});

describe('the notes of a version', () => {
  it('are its section without the heading', () => {
    expect(releaseNotes(second(), '0.2.0-rc.1')).toBe('### Changed\n\n- The port.\n');
    expect(releaseNotes(second(), '0.1.0')).toBe(FIRST.slice(FIRST.indexOf('### Added')));
  });

  it('must be there', () => {
    expect(() => releaseNotes(first(), '0.2.0')).toThrow(
      'CHANGELOG.md: must have notes under "## [0.2.0]", got none',
    );
  });
});

describe('the changelog of this package', () => {
  it('keeps every line but the links in the next release', () => {
    const text = readFileSync(new URL('../../../CHANGELOG.md', import.meta.url), 'utf8');
    const news = text.replace('## [Unreleased]\n', '## [Unreleased]\n\n### Security\n\n- A line.\n');
    const released = releaseChangelog(news, { version: '999.0.0', date: '2026-01-02', page: PAGE });
    const lines = new Set(released.split('\n'));
    expect(text.split('\n').filter((line) => !line.startsWith('[') && !lines.has(line))).toEqual([]);
  });
});
