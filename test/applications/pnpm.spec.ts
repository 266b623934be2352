import { rmSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Application, NODES } from './support/applications.js';
import { addJestLine } from './support/jest-line.js';
import { run } from './support/run.mjs';
import { SERVED_AUTH, SERVED_BOOKS, serve } from './support/served.js';
import { documentedTest } from './support/user-tests.js';
import { VERSIONS } from './support/versions.mjs';

describe('a Nest 11 application that pnpm has installed', () => {
  let application: Application;

  beforeAll(async () => {
    application = Application.made(11).copyWithoutPackages();
    for (const file of ['package-lock.json', 'dist']) rmSync(application.path(file), { recursive: true });
    addJestLine(application);
    application.write('src/auth.spec.ts', documentedTest('jest'));
    const flags = ['--prefer-offline', '--no-frozen-lockfile'];
    await run(application.folder, 'npx', '--yes', VERSIONS.pnpm, 'install', ...flags);
    await run(application.folder, 'npx', 'nest', 'build');
  });

  it.each(NODES)('serves gRPC and HTTP on Node $version', async ({ path }) => {
    const main = application.path('dist/main.js');
    expect(await serve('auth', [path, main])).toMatchObject(SERVED_AUTH);
    expect(await serve('books', [path, main])).toMatchObject(SERVED_BOOKS);
  });

  it('runs the documented test with Jest', async () => {
    expect(await run(application.folder, 'npx', 'jest')).toMatch(/^Tests: +4 passed, 4 total$/m);
  });
});
