import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { run } from '../applications/support/run.mjs';
import { ROOT } from '../docs/support/pages.js';

/** The specs of test/applications run it with Vitest. */
describe('sample 13: tests of your own', () => {
  it('passes with Jest', async () => {
    const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
    const sample = join(ROOT, 'sample/13-tests');
    const printed = await run(sample, process.execPath, '--experimental-vm-modules', jest);
    expect(printed).toMatch(/^Tests: +8 passed, 8 total$/m);
  }, 60_000);
});
