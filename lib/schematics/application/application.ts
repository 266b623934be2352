import { posix } from 'node:path';
import { parse } from 'jsonc-parser';
import { isRecord, propertyOf } from '../../support/shape.js';
import type { AddFlags } from '../add-flags.js';
import type { Changes } from '../changes.js';
import { rootModuleOf } from '../source/app-start.js';
import type { TypeScript } from '../source/load-typescript.js';
import { Source } from '../source/source.js';
import { findProject, type NestProject } from './nest-project.js';
import { majorOfNest, type NestMajor } from './nest-major.js';

/** What the schematic must know of an application to write files that fit it. */
export interface Application {
  readonly project: NestProject;
  readonly nest: NestMajor;
  readonly isEsm: boolean;
  /** How relative imports end: `.js` or nothing. */
  readonly importEnding: string;
  readonly testRunner?: 'jest' | 'vitest';
  /** A name for the service: that of the project or of the package. */
  readonly name: string;
  readonly version: string;
  /** The root module, as the main file imports it; `undefined` if that is not clear. */
  readonly rootModule?: { readonly name: string; readonly file: string };
  /** The parsed main file; `undefined` without a TypeScript compiler. */
  readonly main?: Source;
}

/**
 * Reads what kind of application this is.
 *
 * @param ts the compiler, to read the main file with
 * @throws {Error} if the folder has no Nest application that the package fits
 */
export function readApplication(changes: Changes, flags: AddFlags, ts: TypeScript | undefined): Application {
  const text = changes.read('package.json');
  if (text === undefined) throw new Error('There is no package.json. Run nest add in the folder that has it');
  const manifest: unknown = parse(text);
  const project = findProject(changes, flags);
  const main = ts && new Source(ts, changes.read(project.main) ?? '');
  const isEsm = propertyOf(manifest, 'type') === 'module';
  const moduleName = main && rootModuleOf(main);
  const imported = moduleName === undefined ? undefined : main?.importOf(moduleName);
  return {
    project,
    nest: majorOfNest(changes, manifest),
    isEsm,
    importEnding: (imported ? imported.path.endsWith('.js') : isEsm) ? '.js' : '',
    testRunner: testRunnerOf(manifest),
    name: project.name ?? nameOf(propertyOf(manifest, 'name')),
    version: versionOf(propertyOf(manifest, 'version')),
    rootModule: imported && rootModuleFile(changes, project, imported),
    main,
  };
}

function rootModuleFile(
  changes: Changes,
  project: NestProject,
  imported: { path: string; exported: string },
) {
  if (!imported.path.startsWith('.')) return undefined;
  const path = posix.join(posix.dirname(project.main), imported.path.replace(/\.[jt]s$/, ''));
  return changes.exists(`${path}.ts`) ? { name: imported.exported, file: `${path}.ts` } : undefined;
}

/** Returns the one that the script `test` runs; else the one that is installed. */
function testRunnerOf(manifest: unknown): Application['testRunner'] {
  const script = propertyOf(propertyOf(manifest, 'scripts'), 'test');
  const packages = { ...recordAt(manifest, 'dependencies'), ...recordAt(manifest, 'devDependencies') };
  const runners = ['vitest', 'jest'] as const;
  return (
    runners.find((runner) => typeof script === 'string' && script.includes(runner)) ??
    runners.find((runner) => Object.hasOwn(packages, runner))
  );
}

/** Returns the object under a key of package.json, or an empty one. */
export function recordAt(manifest: unknown, key: string): Record<string, unknown> {
  const value = propertyOf(manifest, key);
  return isRecord(value) ? value : {};
}

function versionOf(given: unknown): string {
  return typeof given === 'string' && given !== '' ? given : '0.0.1';
}

/** Returns the name of a package without its scope, as a name of DNS may be. */
function nameOf(given: unknown): string {
  const name = typeof given === 'string' ? given.replace(/^@[^/]*\//, '') : '';
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain === '' ? 'app' : plain;
}
