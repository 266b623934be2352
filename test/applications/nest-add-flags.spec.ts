import { describe, expect, it } from '@jest/globals';
import { Application } from './support/applications.js';
import { nestAdd, servedGreeter, serveGreeter } from './support/nest-add.js';
import { run } from './support/run.mjs';

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
    expect(dry).toContain('nestjs-sidecar-agent: would be added to app');
    expect(dry).toContain('No files written to disk');
    // The Nest 11 CLI exits with 0.
    const failed = (flag: string) => nestAdd(application, flag).catch(String);
    expect(await failed('--run=hook')).toContain('did you mean `hooks`?');
    expect(await failed('--project=shop')).toContain('unknown project shop');
    expect(application.texts()).toEqual(before);
  });
});
