import { beforeAll, describe, expect, it } from '@jest/globals';
import { Application, NODES } from './support/applications.js';
import { addJestLine } from './support/jest-line.js';
import { run } from './support/run.mjs';
import { documentedTest, entryPointsTest, httpTest } from './support/user-tests.js';

/** Returns the documented test for the folder `test`. */
function e2eTest(): string {
  return documentedTest('jest').replaceAll("from './", "from '../src/");
}

describe('Jest, as the Nest 11 CLI sets it up, with the line of docs/testing.md', () => {
  let application: Application;

  beforeAll(() => {
    application = Application.made(11).copy();
    addJestLine(application);
    application.write('src/auth.spec.ts', documentedTest('jest'));
    application.write('test/auth.e2e-spec.ts', e2eTest());
    application.write('src/http.spec.ts', httpTest('jest'));
    application.write('src/entry-points.spec.ts', entryPointsTest(application, 'jest'));
  });

  it.each(NODES)('runs the documented test on Node $version', async ({ path }) => {
    const printed = await run(application.folder, path, 'node_modules/jest/bin/jest.js');
    // One of them is the generator's.
    expect(printed).toMatch(/^Tests: +6 passed, 6 total$/m);
  });

  it.each(NODES)('runs it as an end-to-end test on Node $version', async ({ path }) => {
    const args = ['node_modules/jest/bin/jest.js', '--config', 'test/jest-e2e.json', 'auth'];
    const printed = await run(application.folder, path, ...args);
    expect(printed).toMatch(/^Tests: +3 passed, 3 total$/m);
  });
});
