// Joins what `nest build` has compiled, some hundred modules, into one file for each entry point
// and one for each part that is loaded later: Node takes a third of a millisecond to load a module,
// and an application would wait for all of them before it listens.
import { chmodSync, cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { rollup } from 'rollup';

const COMPILED = 'build';
const BUNDLED = 'dist';
const COMMAND = 'cli/main';
// Its CommonJS build cannot be bundled again: it passes `require` on as a value. Its ES build names
// files in a way that Node does not find.
const INLINED = 'jsonc-parser';
const INLINED_FOLDER = join(import.meta.dirname, 'node_modules', INLINED);
const ENTRIES = [
  'index',
  'terminus/index',
  'grpc-health/index',
  'otel/index',
  'config/index',
  'testing/index',
  COMMAND,
];
/** The entry points of applications that have loaded the main one in any case. */
const ADDITIONS = ['consul/index'];

rmSync(BUNDLED, { recursive: true, force: true });
const INPUT = {
  // The CommonJS file stays a file of its own.
  external: (id) => id.endsWith('.cjs') || (id !== INLINED && !id.startsWith('.') && !isAbsolute(id)),
  plugins: [
    {
      name: 'inlined-package',
      resolveId: (id, importer) => {
        if (id === INLINED) return join(INLINED_FOLDER, 'lib/esm/main.js');
        return importer?.startsWith(INLINED_FOLDER) ? join(dirname(importer), `${id}.js`) : null;
      },
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
  onLog: (level, { code, message }) => {
    // The compiler's helper for decorators asks for a `this` that a module has not.
    if (level !== 'info' && code !== 'THIS_IS_UNDEFINED') throw new Error(message);
  },
};
const OUTPUT = {
  dir: BUNDLED,
  format: 'es',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  // Every further entry point would otherwise split the chunks of the main one.
  experimentalMinChunkSize: 20_000,
  sourcemap: true,
  banner: ({ moduleIds }) =>
    moduleIds.some((id) => id.startsWith(INLINED_FOLDER))
      ? `/*! Contains ${INLINED}.\n\n${readFileSync(join(INLINED_FOLDER, 'LICENSE.md'), 'utf8')}*/`
      : '',
};

/** Returns the room of an added entry point of which a module is part, if it is of one. */
const roomOf = (id) => ADDITIONS.map(dirname).find((room) => id.includes(`/${COMPILED}/${room}/`));
// They must not split the chunks that the others share: these are made without them. A chunk that
// imports an entry point would take its modules along.
const isEntry = (file) => ENTRIES.some((entry) => file === `${entry}.js`);
const chunkOf = new Map(
  (await build(ENTRIES))
    .filter(({ fileName, imports }) => ![fileName, ...imports].some(isEntry))
    .flatMap(({ name, moduleIds }) => moduleIds.map((id) => [id, roomOf(id) ?? name])),
);
await build([...ENTRIES, ...ADDITIONS], (bundle) =>
  bundle.write({ ...OUTPUT, manualChunks: (id) => chunkOf.get(id) }),
);
cpSync(COMPILED, BUNDLED, { recursive: true, filter: (path) => !/\.js(\.map)?$/.test(path) });
chmodSync(`${BUNDLED}/${COMMAND}.js`, 0o755);

async function build(entries, use = (bundle) => bundle.generate(OUTPUT)) {
  const input = Object.fromEntries(entries.map((entry) => [entry, `${COMPILED}/${entry}.js`]));
  const bundle = await rollup({ ...INPUT, input });
  const { output } = await use(bundle);
  await bundle.close();
  return output.filter(({ type }) => type === 'chunk');
}
