import { beforeAll, describe, expect, it } from '@jest/globals';
import { Application, NODES } from './support/applications.js';
import { addJestLine } from './support/jest-line.js';
import { run } from './support/run.mjs';
import { documentedTest, entryPointsTest, httpTest } from './support/user-tests.js';

describe('Jest, as the Nest 11 CLI sets it up, with the line of docs/testing.md', () => {
  let application: Application;

  beforeAll(() => {
    application = Application.made(11).copy();
    addJestLine(application);
    application.write('src/auth.spec.ts', documentedTest('jest'));
    application.write('src/http.spec.ts', httpTest('jest'));
    application.write('src/entry-points.spec.ts', entryPointsTest(application, 'jest'));
  });

  it.each(NODES)('runs the documented test on Node $version', async ({ path }) => {
    const printed = await run(application.folder, path, 'node_modules/jest/bin/jest.js');
    // One of them is the generator's.
    expect(printed).toMatch(/^Tests: +6 passed, 6 total$/m);
  });
});
