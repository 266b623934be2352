import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const MODULES = join(ROOT, 'node_modules');

export const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/**
 * Packs the built package, as `npm publish` does.
 *
 * @param {...string} options of `npm pack`, such as `--dry-run`
 * @returns {{ filename: string, size: number, unpackedSize: number, files: { path: string }[] }}
 */
export function pack(...options) {
  const args = ['pack', '--json', '--ignore-scripts', ...options];
  const [packed] = JSON.parse(execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' }));
  return packed;
}

/**
 * Installs the packed package in a folder, beside links to the packages of this project.
 *
 * @param {string} project an empty folder
 * @param {readonly string[]} without packages that get no link
 */
export function install(project, without = []) {
  const packed = pack('--pack-destination', project);
  const installed = join(project, 'node_modules', manifest.name);
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(project, packed.filename), '--strip-components=1', '-C', installed]);
  for (const name of packageNames()) if (!without.includes(name)) link(project, name);
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  return { ...packed, installed };
}

/**
 * Links a package of this project into `node_modules` of a folder.
 *
 * @param {string} project
 * @param {string} name
 */
export function link(project, name) {
  const target = join(project, 'node_modules', name);
  mkdirSync(join(target, '..'), { recursive: true });
  if (!existsSync(target)) symlinkSync(join(MODULES, name), target);
}

function packageNames() {
  return readdirSync(MODULES)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(MODULES, name)).map((inner) => `${name}/${inner}`) : name,
    );
}
