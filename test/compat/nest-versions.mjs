// Runs the end-to-end part of the suite on other versions of Nest, each from a clean install in a copy of the tree.
// Usage: node test/compat/nest-versions.mjs 11.1.10 ^11.1.10
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
/** What needs nothing of Nest 12's own tools: every part that talks to Nest or is run by it. */
const SUITES = ['test/e2e', 'test/grpc', 'test/compat', 'test/run', 'test/settings'];
/** Packages that go by a version line of their own. */
const COMPANIONS = { 11: { '@nestjs/terminus': '^11.0.0', '@nestjs/config': '^4.0.2' } };
const FOLLOWERS = ['common', 'core', 'microservices', 'platform-express', 'testing'].map(
  (name) => `@nestjs/${name}`,
);

for (const version of process.argv.slice(2)) {
  const copy = mkdtempSync(join(tmpdir(), 'sidecar-nest-'));
  try {
    const run = (command, args) => execFileSync(command, args, { cwd: copy, stdio: 'inherit' });
    for (const file of execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
      .split('\0')
      .filter(Boolean)) {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      cpSync(join(ROOT, file), join(copy, file));
    }
    rmSync(join(copy, 'package-lock.json'));
    const manifest = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8'));
    const major = version.match(/\d+/)?.[0];
    for (const name of FOLLOWERS) manifest.devDependencies[name] = version;
    Object.assign(manifest.devDependencies, COMPANIONS[major]);
    writeFileSync(join(copy, 'package.json'), JSON.stringify(manifest));

    console.log(`\n== Nest ${version}`);
    run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error']);
    run('npm', ['ls', ...FOLLOWERS, '--depth=0']);
    run('npm', ['run', '--silent', 'build']);
    run(process.execPath, ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', ...SUITES]);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
