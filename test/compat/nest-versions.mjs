// Runs the end-to-end part of the suite and its companions on other versions of Nest, each from a
// clean install in a copy of the tree. Usage: node test/compat/nest-versions.mjs 11:floor 12:floor
// "floor" takes every peer dependency at the lowest version that package.json admits for that Nest,
// so that what is said there is just what was run.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
/** What needs nothing of Nest 12's own tools: every part that talks to Nest or is run by it. */
const SUITES = [
  'test/e2e',
  'test/grpc',
  'test/compat',
  'test/managed-run',
  'test/config',
  'test/testing-kit',
];
/** Nest's own tool, which builds for every version of Nest. */
const BUILDER = '@nestjs/cli';

const git = (...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' });

for (const target of process.argv.slice(2)) {
  const [major, end] = target.split(':');
  const copy = mkdtempSync(join(tmpdir(), 'sidecar-nest-'));
  try {
    const run = (command, args) => execFileSync(command, args, { cwd: copy, stdio: 'inherit' });
    for (const file of git('ls-files', '-z').split('\0').filter(Boolean)) {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      cpSync(join(ROOT, file), join(copy, file));
    }
    rmSync(join(copy, 'package-lock.json'));
    const manifest = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8'));
    const versions = peersFor(manifest.peerDependencies, major, end);
    for (const name of followers(manifest)) versions[name] = versions['@nestjs/core'];
    Object.assign(manifest.devDependencies, versions);
    writeFileSync(join(copy, 'package.json'), JSON.stringify(manifest));

    console.log(`\n== Nest ${target}`, versions);
    run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error']);
    run('npm', ['ls', ...Object.keys(versions), '--depth=0']);
    run('npm', ['run', '--silent', 'build']);
    run(process.execPath, ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', ...SUITES]);
    run('npm', ['run', '--silent', 'test:companions']);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** What the tests need of Nest beside the peers: with the version of `@nestjs/core`. */
function followers({ devDependencies, peerDependencies }) {
  return Object.keys(devDependencies).filter(
    (name) => name.startsWith('@nestjs/') && name !== BUILDER && !(name in peerDependencies),
  );
}

/**
 * Each peer at the range for this major version of Nest, `^11.1.10`, or at the version where that
 * begins.
 */
function peersFor(peers, major, end) {
  const chosen = Object.entries(peers).map(([name, ranges]) => {
    const alternatives = ranges.split('||').map((range) => range.trim());
    const range = alternatives.find((each) => each.startsWith(`^${major}.`)) ?? alternatives[0];
    return [name, end === 'floor' ? range.replace('^', '') : range];
  });
  return Object.fromEntries(chosen);
}
