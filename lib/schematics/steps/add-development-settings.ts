import { parse } from 'jsonc-parser';
import { propertyOf } from '../../support/shape.js';
import { recordAt, type Application } from '../application/application.js';
import { editJson } from '../application/edit-json.js';
import { NEST_CLI } from '../application/nest-project.js';
import type { Changes } from '../changes.js';

/**
 * Lets `nest start --watch` leave the mesh at each reload at once, since the Nest CLI does not wait
 * for the old process.
 */
export function addDevelopmentScripts(changes: Changes): void {
  let text = changes.read('package.json') ?? '{}';
  for (const [name, script] of Object.entries(recordAt(parse(text), 'scripts'))) {
    if (typeof script !== 'string' || !/\bnest start\b.*(--watch|-w)\b/.test(script)) continue;
    if (script.includes('NODE_ENV=')) continue;
    if (script.startsWith('nest start')) {
      text = editJson(text, ['scripts', name], `NODE_ENV=development ${script}`);
    } else {
      const problem = `The script ${name} does not begin with nest start`;
      changes.advise('package.json', `${problem}. Set NODE_ENV=development in it.`);
    }
  }
  changes.write('package.json', text);
}

/** Lets the build copy protos, also while it watches. */
export function copyProtos(changes: Changes, { project }: Application): void {
  const asset = { include: '**/*.proto', watchAssets: true };
  const text = changes.read(NEST_CLI);
  const path = [...project.compilerOptions, 'assets'];
  if (text === undefined) {
    const settings = { sourceRoot: project.sourceRoot, compilerOptions: { assets: [asset] } };
    const problem = 'There is no such file, so the build copies no protos. Write:';
    return changes.advise(NEST_CLI, problem, JSON.stringify(settings, null, 2).split('\n'));
  }
  const assets = path.reduce<unknown>(propertyOf, parse(text));
  const known: readonly unknown[] = Array.isArray(assets) ? assets : [];
  if (JSON.stringify(known).includes('.proto')) return;
  changes.write(NEST_CLI, editJson(text, path, [...known, asset]));
}
