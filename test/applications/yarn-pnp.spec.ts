import { rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Application, NODES } from './support/applications.js';
import { run } from './support/run.mjs';
import { SERVED_AUTH, SERVED_BOOKS, serve } from './support/served.js';
import { VERSIONS } from './support/versions.mjs';

const SETTINGS = `nodeLinker: pnp
enableTelemetry: false
# Otherwise Yarn refuses to write a lockfile in CI.
enableImmutableInstalls: false
`;

const MODERN = NODES.filter(({ version }) => !version.startsWith('20.'));
const NODE_20 = NODES.filter(({ version }) => version.startsWith('20.'));

describe.each([
  { nest: 11, modules: 'CommonJS', works: MODERN, fails: NODE_20 },
  { nest: 12, modules: 'ES modules', works: NODES, fails: [] },
] as const)("a Nest $nest application in $modules with Yarn Plug'n'Play", ({ nest, works, fails }) => {
  let application: Application;

  /** Installs what the built application needs. */
  beforeAll(async () => {
    application = Application.made(nest).copyWithoutPackages();
    rmSync(application.path('package-lock.json'));
    application.change((manifest) => delete manifest.devDependencies);
    application.write('.yarnrc.yml', SETTINGS);
    application.write('yarn.lock', '');
    await run(application.folder, 'npx', '--yes', '--package', VERSIONS.yarn, 'yarn', 'install');
  });

  /** What `yarn node` gives to Node. */
  function command(node: string): [string, ...string[]] {
    const loader = pathToFileURL(application.path('.pnp.loader.mjs')).href;
    const flags = ['--require', application.path('.pnp.cjs'), '--experimental-loader', loader];
    return [node, ...flags, application.path('dist/main.js')];
  }

  for (const { version, path } of works) {
    it(`serves gRPC and HTTP on Node ${version}`, async () => {
      expect(await serve('auth', command(path))).toMatchObject(SERVED_AUTH);
      expect(await serve('books', command(path))).toMatchObject(SERVED_BOOKS);
    });
  }

  for (const { version, path } of fails) {
    it(`does not start on Node ${version}, as docs/build-tools.md says: a limit of Yarn`, async () => {
      const failure = /Cannot find module '.*\.zip\/node_modules\/nestjs-sidecar-agent\/dist\/chunks\/.*'/;
      await expect(serve('auth', command(path))).rejects.toThrow(failure);
    });
  }
});
