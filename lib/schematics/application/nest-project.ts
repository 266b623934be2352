import { parse } from 'jsonc-parser';
import { isRecord, propertyOf } from '../../support/shape.js';
import { didYouMean } from '../../support/text/did-you-mean.js';
import type { AddFlags } from '../add-flags.js';
import type { Changes } from '../changes.js';

/** The project that nest-cli.json describes: all of a repository, or one app of a monorepo. */
export interface NestProject {
  /** The name in nest-cli.json; `undefined` if the repository is no monorepo. */
  readonly name?: string;
  readonly sourceRoot: string;
  /** The path of the file that starts the app. */
  readonly main: string;
  /** Whether the build makes one file of the project. */
  readonly isBundled: boolean;
  /** The key of nest-cli.json that has the compiler options of the project. */
  readonly compilerOptions: readonly string[];
}

/** The file of the Nest CLI's settings. */
export const NEST_CLI = 'nest-cli.json';

/**
 * Finds the project that the flags mean.
 *
 * @throws {Error} if there is no such project, or it has no main file in TypeScript
 */
export function findProject(changes: Changes, flags: AddFlags): NestProject {
  const settings: unknown = parse(changes.read(NEST_CLI) ?? '{}');
  const projects = propertyOf(settings, 'projects');
  const known = isRecord(projects) ? projects : {};
  const name = flags.project ?? nameOf(known, flags.sourceRoot ?? textAt(settings, 'sourceRoot'));
  if (name !== undefined && !Object.hasOwn(known, name)) throw unknownProject(name, Object.keys(known));
  const own = name === undefined ? settings : known[name];
  const options = propertyOf(settings, 'compilerOptions');
  const sourceRoot = textAt(own, 'sourceRoot') ?? flags.sourceRoot ?? 'src';
  const entry = textAt(own, 'entryFile') ?? 'main';
  const main = [`${sourceRoot}/${entry}.ts`, `${entry}.ts`].find((path) => changes.exists(path));
  if (main === undefined) throw new Error(missingMain(`${sourceRoot}/${entry}.ts`, Object.keys(known)));
  return {
    name,
    sourceRoot,
    main,
    isBundled: isBundled(propertyOf(own, 'compilerOptions')) ?? isBundled(options) ?? false,
    compilerOptions: name === undefined ? ['compilerOptions'] : ['projects', name, 'compilerOptions'],
  };
}

/** Returns `undefined` if the compiler options do not say it. */
function isBundled(options: unknown): boolean | undefined {
  const builder = propertyOf(options, 'builder');
  const name = propertyOf(builder, 'type') ?? builder;
  if (name !== undefined) return name === 'webpack' || name === 'rspack';
  return propertyOf(options, 'webpack') === undefined ? undefined : propertyOf(options, 'webpack') === true;
}

/** Returns the name of the project that has this source root. */
function nameOf(projects: Record<string, unknown>, sourceRoot: string | undefined): string | undefined {
  return Object.keys(projects).find((name) => textAt(projects[name], 'sourceRoot') === sourceRoot);
}

function textAt(value: unknown, key: string): string | undefined {
  const text = propertyOf(value, key);
  return typeof text === 'string' ? text : undefined;
}

function unknownProject(name: string, known: readonly string[]): Error {
  const advice =
    known.length === 0
      ? `${NEST_CLI} has no projects; leave the flag out`
      : `Projects of ${NEST_CLI}: ${known.join(', ')}`;
  return new Error(`--project: unknown project ${name}${didYouMean(name, known)}. ${advice}`);
}

function missingMain(path: string, projects: readonly string[]): string {
  const choose =
    projects.length > 0 ? `Choose another project with --project: ${projects.join(', ')}` : undefined;
  const advice =
    choose ?? `Run nest add in the folder of ${NEST_CLI}, and set sourceRoot and entryFile there`;
  return `There is no ${path}, the file that starts the app. ${advice}`;
}
