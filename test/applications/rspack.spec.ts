import { beforeAll, describe, expect, it } from '@jest/globals';
import { Application, NODES } from './support/applications.js';
import { buildToolFile } from './support/build-tool-file.js';
import { deployed, installPeers } from './support/deployed.js';
import { run } from './support/run.mjs';
import { SERVED_AUTH, SERVED_BOOKS, serve } from './support/served.js';

describe('rspack, set up as docs/build-tools.md says: a Nest 12 application without Nest and gRPC', () => {
  let printed: string;
  let bundle: string;

  beforeAll(async () => {
    const application = Application.made(12).copy();
    application.write('rspack.config.js', buildToolFile(12, 'rspack.config.js'));
    printed = await run(application.folder, 'npx', 'nest', 'build', '--builder', 'rspack');
    bundle = deployed(application, 'dist/main.js');
    installPeers(bundle, application);
  });

  it('is built without a warning', () => {
    expect(printed).toMatch(/compiled successfully/);
  });

  it.each(NODES)('serves gRPC on Node $version', async ({ path }) => {
    expect(await serve('auth', [path, bundle])).toMatchObject(SERVED_AUTH);
  });

  it.each(NODES)('serves HTTP on Node $version', async ({ path }) => {
    expect(await serve('books', [path, bundle])).toMatchObject(SERVED_BOOKS);
  });
});
