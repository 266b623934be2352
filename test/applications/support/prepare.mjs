// Packs the package and makes the applications with Nest's generators, once for all specs and
// versions of Node.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from './run.mjs';
import { serviceFiles } from './service-files.mjs';
import { INSTALLED, VERSIONS } from './versions.mjs';

const ROOT = join(import.meta.dirname, '../../..');
const PRINT_PATH = 'node --print process.execPath';

export default async function prepare() {
  // Outside of the repository, whose node_modules an application would find.
  const folder = mkdtempSync(join(tmpdir(), 'sidecar-applications-'));
  process.env.APPLICATIONS = folder;
  try {
    process.env.APPLICATION_NODES = JSON.stringify(await fill(folder));
  } catch (thrown) {
    // Jest runs no globalTeardown after a globalSetup that rejects.
    rmSync(folder, { recursive: true, force: true });
    throw thrown;
  }
}

/**
 * Makes the applications in the folder, and returns the versions of Node. If one part fails, waits
 * for the others, which still write into the folder.
 */
async function fill(folder) {
  const tarball = await pack(folder);
  const parts = [
    Promise.all(versionsOfNode().map(findNode)),
    make(folder, 11, 'CommonJS', tarball),
    make(folder, 12, 'ES modules', tarball),
  ];
  await Promise.allSettled(parts);
  const [nodes] = await Promise.all(parts);
  return nodes;
}

/** The name has a hash, by which Yarn's cache tells one package from the next. */
async function pack(folder) {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(await run(ROOT, 'npm', ...args));
  const hash = createHash('sha256')
    .update(readFileSync(join(folder, filename)))
    .digest('hex');
  const tarball = join(folder, `nestjs-sidecar-agent-${hash.slice(0, 12)}.tgz`);
  renameSync(join(folder, filename), tarball);
  return tarball;
}

/** Makes an application as its generator does, installs it, adds the service and builds it. */
async function make(folder, major, modules, tarball) {
  const generate = ['new', 'app', '--directory', `nest-${major}`, '--skip-git', '--skip-install'];
  const noQuestion = major === 12 ? ['--no-observe'] : [];
  const flags = ['--package-manager', 'npm', ...noQuestion];
  await run(folder, 'npx', '--yes', VERSIONS.generators[major], ...generate, ...flags);
  const app = join(folder, `nest-${major}`);
  cpSync(app, join(folder, `generated-${major}`), { recursive: true });
  const path = join(app, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  const { dependencies, devDependencies } = INSTALLED[major];
  Object.assign(manifest.dependencies, dependencies, { 'nestjs-sidecar-agent': `file:${tarball}` });
  Object.assign(manifest.devDependencies, devDependencies);
  writeFileSync(path, JSON.stringify(manifest, null, 2));
  for (const [name, text] of Object.entries(serviceFiles(modules))) {
    mkdirSync(dirname(join(app, name)), { recursive: true });
    writeFileSync(join(app, name), text);
  }
  await run(app, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error');
  await run(app, 'npm', 'run', 'build');
  if (major === 12) await generateCommonJs(folder, app);
}

/** Makes an application in CommonJS: the Nest 12 CLI asks for it, and has no flag. */
async function generateCommonJs(folder, app) {
  const command = join(app, 'node_modules/@angular-devkit/schematics-cli/bin/schematics.js');
  const flags = ['--type=cjs', '--language=ts', '--package-manager=npm'];
  const name = ['--name=app', '--directory=generated-12-commonjs'];
  await run(folder, process.execPath, command, '@nestjs/schematics:application', ...name, ...flags);
}

/** The environment names them: "20.19 22 24". Without it, it is the version that runs this. */
function versionsOfNode() {
  return process.env.NODE_VERSIONS?.split(' ') ?? [process.versions.node];
}

/** Returns a version with the path of its binary, which comes from the npm package `node`. */
async function findNode(version) {
  if (version === process.versions.node) return { version, path: process.execPath };
  const printed = await run(ROOT, 'npx', '--yes', '--package', `node@${version}`, '--call', PRINT_PATH);
  return { version, path: printed.trim().split('\n').at(-1) };
}
