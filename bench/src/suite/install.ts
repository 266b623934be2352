import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark, Figure } from '../measurement.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** What `@grpc/proto-loader` and every project in TypeScript bring as well. */
const SHARED = /^(@?protobufjs|@types\/node|undici-types|long|typescript)(\/|$)/;
const MODULES = join(ROOT, 'node_modules');

/** The size of the package on disk, and of its dependencies that a gRPC service has not yet. */
export const benchmark: Benchmark = { run: () => Promise.resolve([measurePackage(), measureDependencies()]) };

function measurePackage(): Figure {
  const [packed] = JSON.parse(npm('pack', '--dry-run', '--json', '--ignore-scripts')) as [
    { unpackedSize: number; size: number; entryCount: number },
  ];
  const { unpackedSize, size, entryCount } = packed;
  return {
    id: 'install.package',
    what: 'the package on disk',
    unit: 'MB',
    against: '',
    baseline: [],
    subject: [unpackedSize / 1e6],
    goals: [{ of: 'subject', atMost: 3.9 }],
    note: `${entryCount} files; the tarball has ${(size / 1e6).toFixed(2)} MB`,
  };
}

function measureDependencies(): Figure {
  const folders = npm('ls', '--all', '--parseable', '--omit=dev', '--omit=peer')
    .trim()
    .split('\n')
    .filter((folder) => folder.startsWith(MODULES) && !SHARED.test(relative(MODULES, folder)));
  const sizes = folders.map((folder) => [relative(MODULES, folder), sizeOf(folder)] as const);
  const megabytes = ([name, size]: readonly [string, number]) => `${name} ${(size / 1e6).toFixed(2)}`;
  return {
    id: 'install.dependencies',
    what: 'its dependencies on disk, without those that Nest and gRPC bring in any case',
    unit: 'MB',
    against: '',
    baseline: [],
    subject: [sizes.reduce((sum, [, size]) => sum + size, 0) / 1e6],
    goals: [{ of: 'subject', atMost: 4.5 }],
    note: sizes.map(megabytes).join(', '),
  };
}

function npm(...args: readonly string[]): string {
  return execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' });
}

/** The bytes of all files in a folder, without a `node_modules` of its own. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? sizeOf(path) : statSync(path).size;
    })
    .reduce((sum, size) => sum + size, 0);
}
