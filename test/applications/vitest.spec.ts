import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from '../docs/support/pages.js';
import { Application, NODES } from './support/applications.js';
import { run } from './support/run.mjs';
import { documentedTest, entryPointsTest, httpTest } from './support/user-tests.js';

describe('Vitest, as the Nest 12 CLI sets it up', () => {
  let application: Application;

  beforeAll(() => {
    application = Application.made(12).copy();
    application.write('src/auth.spec.ts', documentedTest('vitest'));
    application.write('src/http.spec.ts', httpTest('vitest'));
    application.write('src/entry-points.spec.ts', entryPointsTest(application, 'vitest'));
  });

  it.each(NODES)('runs the documented test on Node $version', async ({ path }) => {
    const printed = await run(application.folder, path, 'node_modules/vitest/vitest.mjs', 'run');
    // One of them is the generator's.
    expect(printed).toMatch(/^ +Tests +6 passed \(6\)$/m);
  });
});

describe('sample 13, with the Vitest of a Nest 12 application', () => {
  const vitest = join(Application.made(12).folder, 'node_modules/vitest/vitest.mjs');

  it.each(NODES)('passes on Node $version', async ({ path }) => {
    const printed = await run(join(ROOT, 'sample/13-tests'), path, vitest, 'run');
    expect(printed).toMatch(/^ +Tests +8 passed \(8\)$/m);
  });
});
