// Joins what `nest build` has compiled, some hundred modules, into one file for each entry point
// and one for each part that is loaded later: Node takes a third of a millisecond to load a module,
// and an application would wait for all of them before it listens.
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

const COMPILED = 'build';
const BUNDLED = 'dist';
// Its CommonJS build cannot be bundled again: it passes `require` on as a value. Its ES build names
// files in a way that Node does not find.
const INLINED = 'jsonc-parser';
const INLINED_FOLDER = join(import.meta.dirname, 'node_modules', INLINED);
// The script of the agent's page, which the TypeScript compiler has compiled apart.
const CLIENT = `${COMPILED}/page-client`;
const PAGE = 'agent-page/page';
const ENTRIES = [
  'index',
  'terminus/index',
  'grpc-health/index',
  'otel/index',
  'config/index',
  'testing/index',
];
/** The entry points of applications that have loaded the main one in any case. */
const ADDITIONS = ['consul/index'];

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
  banner: ({ moduleIds }) =>
    moduleIds.some((id) => id.startsWith(INLINED_FOLDER))
      ? `/*! Contains ${INLINED}.\n\n${readFileSync(join(INLINED_FOLDER, 'LICENSE.md'), 'utf8')}*/`
      : '',
};

rmSync(BUNDLED, { recursive: true, force: true });
await bundleEntries();
// Its commands need small parts of everything, which would split the chunks of the main entry.
await build(['main'], (bundle) => bundle.write({ ...OUTPUT, dir: `${BUNDLED}/cli` }), 'cli');
await bundleSchematics();
await bundlePage();
await bundleTypes();
// Files that the chunks load with `require`, which stay files of their own.
for (const file of readdirSync(COMPILED, { recursive: true }))
  if (/\.cjs(\.map)?$/.test(file)) cpSync(join(COMPILED, file), join(BUNDLED, file));
cpSync(`lib/${PAGE}`, `${BUNDLED}/${PAGE}`, { recursive: true });
chmodSync(`${BUNDLED}/cli/main.js`, 0o755);

// The additions must not split the chunks that the others share: these are made without them. A
// chunk that imports an entry point would take its modules along.
async function bundleEntries() {
  const roomOf = (id) => ADDITIONS.map(dirname).find((room) => id.includes(`/${COMPILED}/${room}/`));
  const isEntry = (file) => ENTRIES.some((entry) => file === `${entry}.js`);
  const chunks = await build(ENTRIES, (bundle) => bundle.generate(OUTPUT));
  const chunkOf = new Map(
    chunks
      .filter(({ fileName, imports }) => ![fileName, ...imports].some(isEntry))
      .flatMap(({ name, moduleIds }) => moduleIds.map((id) => [id, roomOf(id) ?? name])),
  );
  await build([...ENTRIES, ...ADDITIONS], (bundle) =>
    bundle.write({ ...OUTPUT, sourcemap: true, manualChunks: (id) => chunkOf.get(id) }),
  );
}

async function build(entries, use, folder = '.') {
  const input = Object.fromEntries(entries.map((entry) => [entry, join(COMPILED, folder, `${entry}.js`)]));
  const bundle = await rollup({ ...INPUT, input });
  const { output } = await use(bundle);
  await bundle.close();
  return output.filter(({ type }) => type === 'chunk');
}

// What several entry points declare is declared once: two declarations of a class would be two
// types.
async function bundleTypes() {
  const entries = [...ENTRIES, ...ADDITIONS];
  const bundle = await rollup({
    input: Object.fromEntries(entries.map((entry) => [entry, join(COMPILED, `${entry}.d.ts`)])),
    external: INPUT.external,
    plugins: [dts()],
    onLog: (level, { message }) => {
      // The module alone calls the constructors that have parameters of such types.
      if (level !== 'info' && !message.includes('references private shared type exports'))
        throw new Error(message);
    },
  });
  await bundle.write({
    dir: BUNDLED,
    entryFileNames: '[name].d.ts',
    minifyInternalExports: false,
    chunkFileNames: ({ name }) => `types/${name.replace(/\.d$/, '')}-[hash].d.ts`,
  });
  await bundle.close();
}

// The Nest CLI loads them with `require`, and describes them by two files.
async function bundleSchematics() {
  const output = { ...OUTPUT, dir: `${BUNDLED}/schematics`, format: 'cjs', entryFileNames: '[name].cjs' };
  await build(['nest-add'], (bundle) => bundle.write(output), 'schematics');
  for (const name of ['collection.json', 'schema.json']) {
    cpSync(`lib/schematics/${name}`, `${BUNDLED}/schematics/${name}`);
  }
}

// A browser gets one file, with the view library and its licence in it.
async function bundlePage() {
  const page = await rollup({
    input: `${CLIENT}/agent-page/client/main.js`,
    plugins: [
      {
        name: 'view-library',
        resolveId: (id) => (/^preact(\/|$)/.test(id) ? fileURLToPath(import.meta.resolve(id)) : null),
      },
    ],
  });
  const licence = readFileSync(join(import.meta.dirname, 'node_modules/preact/LICENSE'), 'utf8');
  await page.write({
    file: `${BUNDLED}/${PAGE}/page.js`,
    format: 'es',
    banner: `/*! Contains preact.\n\n${licence}*/`,
  });
  await page.close();
}
