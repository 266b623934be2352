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

describe.each(['11', '12'] as const)('nest add, in an application of the Nest %s CLI', (generated) => {
  it('uses shutdown hooks with --run=hooks, and no probes with --no-health', async () => {
    const application = Application.generated(generated);
    await nestAdd(application, '--run=hooks', '--no-health', '--test=false');
    await run(application.folder, 'npm', 'run', 'build');
    const command = [process.execPath, application.path('dist/main.js')] as const;
    expect(await serveGreeter(application, 'src', command)).toMatchObject(servedGreeter('app', 404));
    expect(application.texts()).not.toHaveProperty(['src/sidecar-agent.spec.ts']);
  });

  it('keeps a main.ts that it does not understand, byte for byte, and says what to add', async () => {
    const application = Application.generated(generated);
    const main = `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';\r\n
void NestFactory.create(AppModule).then((app) => app.listen(3000));
`;
    application.write('src/main.ts', main);
    const printed = await nestAdd(application);
    expect(application.read('src/main.ts')).toBe(main);
    expect(printed).toContain('Left for you: src/main.ts');
    expect(printed).toContain('await runSidecarApp(app, {');
    expect(application.read('src/app.module.ts')).toContain('SidecarAgentModule.forRootAsync(');
  });

  it('adds to one project of a monorepo, which is bundled', async () => {
    const application = Application.generated(generated);
    await run(application.folder, 'npx', 'nest', 'generate', 'app', 'shop');
    const before = application.texts();
    await nestAdd(application, '--project=shop');
    const texts = application.texts();
    const changed = Object.keys(texts).filter((path) => texts[path] !== before[path]);
    const elsewhere = changed.filter((path) => !path.startsWith('apps/shop/'));
    expect(elsewhere.sort()).toEqual(['nest-cli.json', 'package.json']);
    await run(application.folder, 'npx', 'nest', 'build', 'shop');
    const command = [process.execPath, application.path('dist/apps/shop/main.js')] as const;
    expect(await serveGreeter(application, 'apps/shop/src', command)).toMatchObject(servedGreeter('shop'));
  });

  it('changes nothing in a dry run, nor if a flag is wrong', async () => {
    const application = Application.generated(generated);
    const before = application.texts();
    const dry = await nestAdd(application, '--dry-run');
    expect(dry).toContain('nestjs-sidecar-agent: added to app');
    expect(dry).toContain('No files written to disk');
    // The Nest 11 CLI exits with 0.
    const failed = (flag: string) => nestAdd(application, flag).catch(String);
    expect(await failed('--run=hook')).toContain('did you mean `hooks`?');
    expect(await failed('--project=shop')).toContain('unknown project shop');
    expect(application.texts()).toEqual(before);
  });
});
