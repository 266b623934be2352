import { beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { Application, NODES } from './support/applications.js';
import { buildToolFile } from './support/build-tool-file.js';
import { deployed } from './support/deployed.js';
import { run } from './support/run.mjs';
import { SERVED_AUTH, SERVED_BOOKS, serve } from './support/served.js';

/** Keeps the bundle as it was before webpack made it small, which takes it most of its time. */
const KEEP_PLAIN = `const documented = require('./documented.config.js');
module.exports = (options, webpack) => {
  const config = documented(options, webpack);
  const keep = (compilation) => {
    const { Compilation, sources } = webpack;
    const stage = Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE_SIZE - 1;
    compilation.hooks.processAssets.tap({ name: 'keep', stage }, (assets) =>
      compilation.emitAsset('main.plain', new sources.RawSource(assets['main.js'].source())),
    );
  };
  const apply = (compiler) => compiler.hooks.thisCompilation.tap('keep', keep);
  return { ...config, plugins: [...config.plugins, { apply }] };
};
`;

describe('webpack, set up as docs/build-tools.md says: all of a Nest 11 application in one file', () => {
  let application: Application;
  let printed: string;

  beforeAll(async () => {
    application = Application.made(11).copy();
    application.write('documented.config.js', buildToolFile(11, 'webpack.config.js'));
    application.write('webpack.config.js', KEEP_PLAIN);
    printed = await run(application.folder, 'npx', 'nest', 'build', '--webpack');
  });

  it('is built without a warning, and without a file for what is loaded late', () => {
    expect(printed).toMatch(/compiled successfully/);
    const files = readdirSync(application.path('dist'));
    expect(files.sort()).toEqual(['main.js', 'main.js.LICENSE.txt', 'main.plain']);
  });

  describe.each([
    { what: 'minified', file: 'dist/main.js' },
    { what: 'not minified', file: 'dist/main.plain' },
  ])('$what, in a folder without node_modules', ({ file }) => {
    it.each(NODES)('serves gRPC on Node $version', async ({ path }) => {
      const served = await serve('auth', [path, deployed(application, file)]);
      expect(served).toMatchObject(SERVED_AUTH);
      expect(served.output).toContain('[SidecarAgent] Registered auth');
    });

    it.each(NODES)('serves HTTP on Node $version', async ({ path }) => {
      expect(await serve('books', [path, deployed(application, file)])).toMatchObject(SERVED_BOOKS);
    });
  });
});
