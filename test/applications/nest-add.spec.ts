import { beforeAll, describe, expect, it } from '@jest/globals';
import { Application, NODES } from './support/applications.js';
import { nestAdd, servedGreeter, serveGreeter } from './support/nest-add.js';
import { run } from './support/run.mjs';

/** The command of the test runner, and what it prints if the tests of the application succeed. */
const JEST = { args: ['node_modules/jest/bin/jest.js'], passed: /^Tests: +3 passed, 3 total$/m };
const JEST_WITH_MODULES = { ...JEST, args: ['--experimental-vm-modules', ...JEST.args] };
const VITEST = { args: ['node_modules/vitest/vitest.mjs', 'run'], passed: /^ +Tests +3 passed \(3\)$/m };
/** The tests of the generator import the root module, and so the package. */
const E2E = {
  jest: { args: [...JEST.args, '--config', 'test/jest-e2e.json'], passed: /^Tests: +1 passed, 1 total$/m },
  vitest: {
    args: [...VITEST.args, '--config', 'vitest.config.e2e.ts'],
    passed: /^ +Tests +1 passed \(1\)$/m,
  },
};

/** Jest loads Nest 12 in CommonJS only with these, as the schematic says. */
const LOADS_MODULES = NODES.filter(({ version }) => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 9);
});

describe.each([
  { generated: '11', what: 'a Nest 11 application in CommonJS', tests: [JEST, E2E.jest], nodes: NODES },
  { generated: '12', what: 'a Nest 12 application in ES modules', tests: [VITEST, E2E.vitest], nodes: NODES },
  {
    generated: '12-commonjs',
    what: 'a Nest 12 application in CommonJS',
    tests: [JEST_WITH_MODULES],
    nodes: LOADS_MODULES,
  },
] as const)('nest add, in $what', ({ generated, tests, nodes }) => {
  let application: Application;
  let printed: string;

  beforeAll(async () => {
    application = Application.generated(generated);
    printed = await nestAdd(application);
    await run(application.folder, 'npm', 'run', 'build');
  });

  it('leaves nothing to the developer but the tests that need another Node.js', () => {
    const left = [...printed.matchAll(/Left for you: (.*)/g)].map(([, file]) => file);
    const hasJest =
      generated !== '12-commonjs' || LOADS_MODULES.some(({ path }) => path === process.execPath);
    expect(left).toEqual(hasJest ? [] : ['src/sidecar-agent.spec.ts']);
    expect(printed).toContain('src/sidecar-agent.options.ts: app and service');
  });

  it.each(NODES)('starts, registers and leaves the mesh at SIGTERM on Node $version', async ({ path }) => {
    const served = await serveGreeter(application, 'src', [path, application.path('dist/main.js')]);
    expect(served).toMatchObject(servedGreeter('app'));
  });

  for (const { version, path } of nodes) {
    it(`has tests that succeed on Node ${version}`, async () => {
      for (const { args, passed } of tests) {
        expect(await run(application.folder, path, ...args)).toMatch(passed);
      }
    });
  }

  it('changes nothing in a second run', async () => {
    const before = application.texts();
    expect(await nestAdd(application)).toContain('nestjs-sidecar-agent: nothing to change in app');
    expect(application.texts()).toEqual(before);
  });
});
