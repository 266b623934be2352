import { posix } from 'node:path';
import { parse } from 'jsonc-parser';
import { isRecord, propertyOf } from '../../support/shape.js';
import type { Application } from '../application/application.js';
import { editJson } from '../application/edit-json.js';
import type { Changes } from '../changes.js';
import { DOCS } from '../docs-folder.js';
import { testFile } from '../files/test-file.js';
import type { GrpcOptions } from './grpc-options.js';
import { importPath } from './import-path.js';

/** What Jest must have so that it compiles the package for a CommonJS application. */
const COMPILED = ['/node_modules/(?!.*nestjs-sidecar-agent/)'];
const KEY = 'transformIgnorePatterns';

/** Writes a test of the registration, unless there is one. */
export function addTest(changes: Changes, application: Application, grpc: GrpcOptions): void {
  const { project, testRunner, importEnding, rootModule, nest, isEsm } = application;
  const { sourceRoot } = project;
  const file = `${sourceRoot}/sidecar-agent.spec.ts`;
  if (testRunner === undefined) {
    const text = 'package.json has neither jest nor vitest. Install one, and run nest add again.';
    return changes.advise(file, text);
  }
  const module = rootModule ?? { name: 'AppModule', file: `${sourceRoot}/app.module.ts` };
  changes.create(
    file,
    testFile(application, {
      module: { name: module.name, path: importPath(sourceRoot, module.file, importEnding) },
      grpc: { ...grpc, path: importPath(sourceRoot, grpc.file, importEnding) },
    }),
  );
  if (testRunner === 'jest' && !isEsm && nest === 12) adviseNode(changes, file);
}

/** Lets Jest compile the package in every test that imports the application. */
export function setUpJest(changes: Changes, { testRunner, isEsm, nest, project }: Application): void {
  // In an ES module application Jest loads the package as it is, and so it does with Nest 12.
  if (testRunner !== 'jest' || isEsm || nest === 12) return;
  const manifest: unknown = parse(changes.read('package.json') ?? '{}');
  if (isRecord(propertyOf(manifest, 'jest'))) compile(changes, 'package.json', ['jest', KEY]);
  else adviseLine(changes);
  const folders = ['test', posix.join(project.sourceRoot, '../test')];
  for (const folder of new Set(folders)) compile(changes, `${folder}/jest-e2e.json`, [KEY]);
}

/** Adds the patterns to settings in JSON, unless the settings have some. */
function compile(changes: Changes, file: string, path: readonly string[]): void {
  const text = changes.read(file);
  if (text?.includes(KEY)) advisePatterns(changes, file);
  else if (text !== undefined) changes.write(file, editJson(text, [...path], COMPILED));
}

/** Settings of Jest that are a file of their own. */
const JEST_FILES = ['ts', 'js', 'mjs', 'cjs', 'json'].map((ending) => `jest.config.${ending}`);

/** Returns whether Jest compiles the package, and Nest with it, as the documentation shows. */
function compilesNest(changes: Changes): boolean {
  const texts = ['package.json', ...JEST_FILES].map((file) => changes.read(file) ?? '');
  return texts.some((text) => text.includes('@nestjs|nestjs-sidecar-agent)/)'));
}

/** Advises on settings that are code. */
function adviseLine(changes: Changes): void {
  const file = JEST_FILES.find((path) => changes.exists(path));
  if (file !== undefined) advisePatterns(changes, file);
}

function advisePatterns(changes: Changes, file: string): void {
  if (changes.read(file)?.includes('nestjs-sidecar-agent/)')) return;
  const line = `${KEY}: ${JSON.stringify(COMPILED).replaceAll('"', "'")},`;
  changes.advise(file, 'Jest must compile the package. Add:', [line]);
}

/** Its own tests need it as well, as the Nest CLI has set them up. */
function adviseNode(changes: Changes, file: string): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 9) || compilesNest(changes)) return;
  const needed = 'In a CommonJS application Jest loads Nest 12 with Node.js 24.9 or later';
  const advice = `Use it for your tests, or see ${DOCS}/testing.md, "Jest in a CommonJS project"`;
  changes.advise(file, `${needed}, and this is ${process.versions.node}. ${advice}.`);
}
