// Installs the packages that the specs of this folder run the module with, into node_modules here:
// their tree is larger than that of the project, and each Node has its own versions. Nest and gRPC
// are those of the project, since `legacy-peer-deps` leaves peers out.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const COMMON = ['@nestjs/observe@0.3.3', 'nestjs-pino@5.2.1', 'pino@10.4.0', 'pino-http@11.0.0'];

/** The last versions that admit Node 20. Of nestjs-pino, none admits both Node 20 and Nest 12. */
const NODE_20 = [
  ...COMMON,
  'nestjs-cls@6.3.1',
  '@opentelemetry/api@1.9.1',
  '@opentelemetry/core@2.12.1',
  '@opentelemetry/auto-instrumentations-node@0.81.2',
];

const NEWER = [
  ...COMMON,
  'nestjs-cls@7.0.0',
  '@opentelemetry/api@1.10.0',
  '@opentelemetry/core@3.1.1',
  '@opentelemetry/auto-instrumentations-node@0.82.0',
];

const folder = import.meta.dirname;
const installed = join(folder, 'node_modules');
const packages = process.versions.node.startsWith('20.') ? NODE_20 : NEWER;
const record = join(installed, '.installed');

if (!existsSync(record) || readFileSync(record, 'utf8') !== packages.join('\n')) {
  rmSync(installed, { recursive: true, force: true });
  const flags = ['--no-save', '--no-package-lock', '--legacy-peer-deps', '--ignore-scripts'];
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', '--prefix', folder, ...flags, ...quiet, ...packages], { stdio: 'inherit' });
  writeFileSync(record, packages.join('\n'));
}
