// Joins what `nest build` has compiled, some hundred modules, into one file for each entry point and one for each part that is
// loaded later: Node takes a third of a millisecond to load a module, and an application would wait for all of them before it listens.
import { chmodSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rollup } from 'rollup';

const COMPILED = 'build';
const BUNDLED = 'dist';
const COMMAND = 'cli/main';
const ENTRIES = ['index', 'terminus/index', 'config/index', 'testing/index', COMMAND];
/** Packages of which a few lines are needed and many files would be loaded. Their licences go with them. */
const INLINED = ['uuid'];

rmSync(BUNDLED, { recursive: true, force: true });
const bundle = await rollup({
  input: Object.fromEntries(ENTRIES.map((entry) => [entry, `${COMPILED}/${entry}.js`])),
  external: (id) => !id.startsWith('.') && !isAbsolute(id) && !INLINED.includes(id),
  plugins: [
    {
      name: 'inlined-packages',
      resolveId: (id) => (INLINED.includes(id) ? fileURLToPath(import.meta.resolve(id)) : null),
    },
    {
      name: 'maps-of-the-compiler',
      load: (path) => {
        const map = `${path}.map`;
        return {
          code: readFileSync(path, 'utf8'),
          map: existsSync(map) ? JSON.parse(readFileSync(map, 'utf8')) : null,
        };
      },
    },
  ],
  onLog: (_level, { code, message }) => {
    // The compiler's helper for decorators asks for a `this` that a module has not.
    if (code !== 'THIS_IS_UNDEFINED') throw new Error(message);
  },
});
await bundle.write({
  dir: BUNDLED,
  format: 'es',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  sourcemap: true,
});
await bundle.close();
cpSync(COMPILED, BUNDLED, { recursive: true, filter: (path) => !/\.(js|map)$/.test(path) });
writeFileSync(`${BUNDLED}/THIRD-PARTY-LICENSES.txt`, INLINED.map(licence).join('\n'));
chmodSync(`${BUNDLED}/${COMMAND}.js`, 0o755);

function licence(name) {
  const folder = join('node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, 'LICENSE.md'), 'utf8')}`;
}
