import { beforeAll, describe, expect, it } from '@jest/globals';
import { Application, NODES } from './support/applications.js';
import { buildToolFile } from './support/build-tool-file.js';
import { deployed, installPeers } from './support/deployed.js';
import { run } from './support/run.mjs';
import { SERVED_AUTH, SERVED_BOOKS, serve } from './support/served.js';

describe.each([
  { nest: 11, what: 'all of a Nest 11 application in one CommonJS file' },
  { nest: 12, what: 'a Nest 12 application without Nest and gRPC in one ES module' },
] as const)('esbuild, set up as docs/build-tools.md says: $what', ({ nest }) => {
  describe.each([{ minify: true }, { minify: false }])('minify: $minify', ({ minify }) => {
    let application: Application;
    let printed: string;
    let bundle: string;

    beforeAll(async () => {
      application = Application.made(nest).copy();
      const script = buildToolFile(nest, 'esbuild.mjs');
      application.write('esbuild.mjs', script.replace('minify: true', `minify: ${minify}`));
      printed = await run(application.folder, process.execPath, 'esbuild.mjs');
      bundle = deployed(application, 'bundle/main.js');
      if (nest === 12) installPeers(bundle, application);
    });

    it('is built without a warning', () => {
      expect(printed).toBe('');
    });

    it.each(NODES)('serves gRPC on Node $version', async ({ path }) => {
      const served = await serve('auth', [path, bundle]);
      expect(served).toMatchObject(SERVED_AUTH);
      expect(served.output).toContain('[SidecarAgent] Registered auth');
    });

    it.each(NODES)('serves HTTP on Node $version', async ({ path }) => {
      expect(await serve('books', [path, bundle])).toMatchObject(SERVED_BOOKS);
    });

    it.each(NODES)('finds the protos of Google in node_modules alone, on Node $version', async ({ path }) => {
      const beside = await run(application.folder, path, 'bundle/main.js', 'protos');
      expect(beside).toMatch(/node_modules\/protobufjs\n$/);
      const elsewhere = run(application.folder, path, bundle, 'protos');
      await expect(elsewhere).rejects.toThrow(/GrpcReflectionError.*copy google\/api/s);
    });
  });
});
