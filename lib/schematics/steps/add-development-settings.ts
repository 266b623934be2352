import { parse } from 'jsonc-parser';
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
    if (script.startsWith('nest start'))
      text = editJson(text, ['scripts', name], `NODE_ENV=development ${script}`);
    else {
      const text = `The script ${name} does not begin with nest start. Set NODE_ENV=development in it.`;
      changes.advise('package.json', text);
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
    const lines = [
      JSON.stringify({ sourceRoot: project.sourceRoot, compilerOptions: { assets: [asset] } }, null, 2),
    ];
    return changes.advise(NEST_CLI, 'There is no such file, so the build copies no protos. Write:', lines);
  }
  const options = path.slice(0, -1).reduce<unknown>((value, key) => recordAt(value, key), parse(text));
  const assets: unknown = recordAt({ options }, 'options').assets;
  const known: readonly unknown[] = Array.isArray(assets) ? assets : [];
  if (JSON.stringify(known).includes('.proto')) return;
  changes.write(NEST_CLI, editJson(text, path, [...known, asset]));
}
