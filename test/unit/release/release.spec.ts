import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PackageRepository } from './support/package-repository.js';

const PAGE = 'https://github.com/acme/agent';
const MANIFEST = { name: 'agent', version: '0.1.0', license: 'MIT' };
const CHANGELOG = '# Changelog\n\nAll changes.\n\n## [Unreleased]\n\n### Added\n\n- A module.\n';
const today = () => new Date().toISOString().slice(0, 10);

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

describe('npm run release', () => {
  let repository: PackageRepository;

  beforeEach(() => {
    repository = new PackageRepository({
      'package.json': json(MANIFEST),
      'package-lock.json': json({
        ...MANIFEST,
        lockfileVersion: 3,
        requires: true,
        packages: { '': MANIFEST },
      }),
      'CHANGELOG.md': CHANGELOG,
    });
  });

  afterEach(() => repository.remove());

  const release = (...args: string[]) => repository.run('release.mjs', ...args);

  function expectRefusal(args: string[], message: string): void {
    const before = repository.state();
    expect(release(...args)).toEqual({ status: 1, stdout: '', stderr: `release: ${message}\n` });
    expect(repository.state()).toEqual(before);
  }

  it('makes the first release: files, commit and tag', () => {
    const { status, stdout, stderr } = release('0.1.0', '--repository', `${PAGE}.git`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/\n {2}git push --atomic origin main v0\.1\.0\n$/);
    expect(JSON.parse(repository.read('package.json'))).toEqual({
      ...MANIFEST,
      homepage: `${PAGE}#readme`,
      repository: { type: 'git', url: `git+${PAGE}.git` },
      bugs: { url: `${PAGE}/issues` },
    });
    expect(repository.read('CHANGELOG.md')).toContain(
      `\n## [0.1.0] - ${today()}\n\n### Added\n\n- A module.\n`,
    );
    expect(repository.git('log', '--format=%s')).toBe('Release 0.1.0\nWork');
    expect(repository.git('describe')).toBe('v0.1.0');
    expect(repository.git('cat-file', '-t', 'v0.1.0')).toBe('tag');
    expect(repository.git('status', '--porcelain')).toBe('');
  });

  it('makes a later release of the repository that package.json names', () => {
    release('0.1.0', '--repository', PAGE);
    repository.write(
      'CHANGELOG.md',
      repository.read('CHANGELOG.md').replace('eased]\n', 'eased]\n\n### Fixed\n\n- It.\n'),
    );
    repository.commit();
    expect(release('minor')).toMatchObject({ status: 0, stderr: '' });
    const { version, repository: named } = JSON.parse(repository.read('package.json')) as Record<
      string,
      unknown
    >;
    expect({ version, named }).toEqual({ version: '0.2.0', named: { type: 'git', url: `git+${PAGE}.git` } });
    expect(JSON.parse(repository.read('package-lock.json'))).toMatchObject({
      version: '0.2.0',
      packages: { '': { version: '0.2.0' } },
    });
    expect(repository.read('CHANGELOG.md')).toContain(`\n[0.2.0]: ${PAGE}/compare/v0.1.0...v0.2.0\n`);
    expect(repository.git('tag', '--list')).toBe('v0.1.0\nv0.2.0');
  });

  it('prints every step and the diff with --dry-run, and changes nothing', () => {
    const before = repository.state();
    expect(release('0.1.0', '--dry-run', '--repository', PAGE)).toEqual({
      status: 0,
      stderr: '',
      stdout: expect.stringMatching(
        new RegExp(
          String.raw`^Would release agent 0\.1\.0 \(package\.json has 0\.1\.0\):
  write package\.json: homepage, repository and bugs of ${PAGE}
  npm version 0\.1\.0 --no-git-tag-version --allow-same-version
  write CHANGELOG\.md: Unreleased becomes 0\.1\.0
  git add package\.json package-lock\.json CHANGELOG\.md
  git commit --quiet --message "Release 0\.1\.0"
  git tag --annotate v0\.1\.0 --message v0\.1\.0

diff --git a/CHANGELOG\.md b/CHANGELOG\.md
[^]*
\+## \[0\.1\.0\] - ${today()}
[^]*
\+\[0\.1\.0\]: ${PAGE}/releases/tag/v0\.1\.0

Nothing was changed\. Run the command without --dry-run to release\.\n$`,
        ),
      ),
    });
    expect(repository.state()).toEqual(before);
  });

  it('asks nobody without a terminal', () => {
    expectRefusal(
      ['0.1.0'],
      'repository: package.json names none; run: npm run release -- <version> --repository URL',
    );
  });

  it('refuses a work tree with changes', () => {
    repository.write('new.txt', '');
    expectRefusal(['patch'], 'work tree: must have no changes; commit or stash these first:\n?? new.txt');
  });

  it('refuses another branch', () => {
    repository.git('switch', '--quiet', '--create', 'topic');
    expectRefusal(['patch'], 'branch: must be main, got "topic"; run: git switch main');
  });

  it('refuses a tag that exists', () => {
    repository.git('tag', 'v0.1.1');
    expectRefusal(['patch'], 'tag: v0.1.1 exists already; release another version');
  });

  it('refuses a changelog without news', () => {
    repository.write('CHANGELOG.md', CHANGELOG.replace('- A module.\n', ''));
    repository.commit();
    expectRefusal(['patch'], 'CHANGELOG.md: must have notes under "## [Unreleased]", got none');
  });

  it('refuses a version that is not higher', () => {
    expectRefusal(['0.0.9'], 'version: must be higher than 0.1.0 in package.json, got "0.0.9"');
  });

  it('refuses another repository than package.json names', () => {
    release('0.1.0', '--repository', PAGE);
    repository.write(
      'CHANGELOG.md',
      repository.read('CHANGELOG.md').replace('eased]\n', 'eased]\n\n### Fixed\n\n- It.\n'),
    );
    repository.commit();
    expectRefusal(
      ['patch', '--repository', `${PAGE}-fork`],
      `--repository: package.json names ${PAGE}; change it there, got "${PAGE}-fork"`,
    );
  });

  it('undoes a release that git refuses', () => {
    repository.write('.git/hooks/pre-commit', '#!/bin/sh\necho "not today" >&2\nexit 1\n', 0o755);
    const before = repository.state();
    const { status, stderr } = release('0.1.0', '--repository', PAGE);
    expect(status).toBe(1);
    expect(stderr).toBe(
      'release: git commit --quiet --message Release 0.1.0 failed: not today\n' +
        'The release was undone: files and commits are as before.\n',
    );
    expect(repository.state()).toEqual(before);
  });
});
