import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import type { Run } from '../../../lib/schematics/add-flags.js';
import { editMain } from '../../../lib/schematics/source/edit-main.js';
import { Source } from '../../../lib/schematics/source/source.js';

const OPTIONS = { name: 'grpcOptions', path: './grpc.options' };

function edit(text: string, run: Run = 'managed') {
  return editMain(new Source(ts, text), run, OPTIONS);
}

/** Returns the lines of the function, after it is edited. */
function body(lines: readonly string[], run?: Run): string[] {
  const text = `async function bootstrap() {\n${lines.map((line) => `  ${line}\n`).join('')}}\nvoid bootstrap();\n`;
  const edited = edit(text, run);
  if ('problem' in edited) throw new Error(edited.problem);
  const [, inner = ''] = /bootstrap\(\) \{\n([^]*)\}\nvoid bootstrap/.exec(edited.text) ?? [];
  return inner.split('\n').map((line) => line.replace(/^ {2}/, ''));
}

const CONNECTED = [
  'app.connectMicroservice<MicroserviceOptions>({',
  '  transport: Transport.GRPC,',
  '  options: grpcOptions,',
  '});',
];

describe('editMain, with runSidecarApp', () => {
  it('edits the main file of the Nest CLI', () => {
    const text = `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  await app.listen(process.env.PORT ?? 3000);
}
bootstrap();
`;
    expect(edit(text)).toEqual({
      text: `import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { runSidecarApp } from 'nestjs-sidecar-agent';
import { AppModule } from './app.module';
import { grpcOptions } from './grpc.options';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.connectMicroservice<MicroserviceOptions>({
    transport: Transport.GRPC,
    options: grpcOptions,
  });
  await runSidecarApp(app, {
    listen: async () => {
      await app.startAllMicroservices();
      await app.listen(process.env.PORT ?? 3000);
    },
  });
}
bootstrap();
`,
    });
  });

  it('keeps what is between the creation and the start, and moves what is after it', () => {
    const lines = [
      'const app = await NestFactory.create<NestExpressApplication>(AppModule, { cors: true });',
      'const config = app.get(ConfigService);',
      '',
      '// the port of the environment',
      'await app.listen(config.get("PORT"), () => {',
      '  log(`a',
      '  b`);',
      '}); // at once',
      '',
      'console.log(await app.getUrl());',
    ];
    expect(body(lines)).toEqual([
      ...lines.slice(0, 4),
      ...CONNECTED,
      'await runSidecarApp(app, {',
      '  listen: async () => {',
      '    await app.startAllMicroservices();',
      '    await app.listen(config.get("PORT"), () => {',
      '      log(`a',
      '  b`);',
      '    }); // at once',
      '',
      '    console.log(await app.getUrl());',
      '  },',
      '});',
      '',
    ]);
  });

  it('moves callbacks that return', () => {
    const lines = [
      'const app = await NestFactory.create(AppModule);',
      'await app.listen(3000, () => { return log(); });',
    ];
    expect(body(lines)).toContain('    await app.listen(3000, () => { return log(); });');
  });

  it('runs a hybrid app without connecting it again', () => {
    const lines = [
      'const app = await NestFactory.create(AppModule);',
      'app.connectMicroservice({ transport: Transport.GRPC, options: own });',
      'await app.startAllMicroservices();',
      'await app.listen(3000);',
    ];
    expect(body(lines)).toEqual([
      ...lines.slice(0, 2),
      'await runSidecarApp(app, {',
      '  listen: async () => {',
      '    await app.startAllMicroservices();',
      '    await app.listen(3000);',
      '  },',
      '});',
      '',
    ]);
  });

  it('runs a microservice, which needs no listen', () => {
    const creation = [
      'const app = await NestFactory.createMicroservice(AppModule, { transport: Transport.GRPC, options: own });',
    ];
    expect(body([...creation, 'await app.listen();'])).toEqual([
      ...creation,
      'await runSidecarApp(app);',
      '',
    ]);
    expect(body([...creation, 'await app.listen();', 'log();'])).toEqual([
      ...creation,
      'await runSidecarApp(app, {',
      '  listen: async () => {',
      '    await app.listen();',
      '    log();',
      '  },',
      '});',
      '',
    ]);
  });

  it('edits an app at the top level of a module, and imports what is not imported yet', () => {
    const edited = edit(`import { Transport } from "@nestjs/microservices";
import { AppModule } from "./app.module.js";
const app = await NestFactory.create(AppModule);
await app.listen(3000);
`);
    expect(edited).toEqual({
      text: `import { Transport, type MicroserviceOptions } from "@nestjs/microservices";
import { runSidecarApp } from "nestjs-sidecar-agent";
import { AppModule } from "./app.module.js";
import { grpcOptions } from "./grpc.options";
const app = await NestFactory.create(AppModule);
app.connectMicroservice<MicroserviceOptions>({
  transport: Transport.GRPC,
  options: grpcOptions,
});
await runSidecarApp(app, {
  listen: async () => {
    await app.startAllMicroservices();
    await app.listen(3000);
  },
});
`,
    });
  });

  it('keeps a file that it has edited', () => {
    const edited = edit(`const app = await NestFactory.create(AppModule);\nawait app.listen(3000);\n`);
    if ('problem' in edited) throw new Error(edited.problem);
    expect(edit(edited.text)).toEqual(edited);
  });

  it('keeps a file that imports the function as a part of the package', () => {
    const text = 'await sidecar.runSidecarApp(() => NestFactory.create(AppModule));\n';
    expect(edit(text)).toEqual({ text });
  });

  it('replaces shutdown hooks, wherever they are enabled', () => {
    const lines = ['const app = await NestFactory.create(AppModule);', 'await app.listen(3000);'];
    const hooks = "app.enableShutdownHooks(['SIGTERM'], {\n    useProcessExit: true,\n  });";
    const [creation = '', listen = ''] = lines;
    expect(body([creation, hooks, listen])).toEqual(body(lines));
    expect(body([creation, listen, hooks])).toEqual(body(lines));
    expect(body([creation, 'other.enableShutdownHooks();', listen])).toContain(
      'other.enableShutdownHooks();',
    );
    expect(body([...body(lines, 'hooks').slice(0, -1)])).toEqual(body(lines));
  });

  it('uses options that are a part of an imported object', () => {
    const source = new Source(ts, 'const app = await NestFactory.create(AppModule);\nawait app.listen(1);\n');
    const edited = editMain(source, 'hooks', { ...OPTIONS, expression: 'grpcOptions.options' });
    expect('text' in edited && edited.text).toContain('  options: grpcOptions.options,\n');
  });

  it('does not connect a server that the file imports as a whole', () => {
    const text =
      'const app = await NestFactory.createMicroservice(AppModule, server);\nawait app.listen();\n';
    expect(editMain(new Source(ts, text), 'managed', { ...OPTIONS, isServed: true })).toEqual({
      text: `import { runSidecarApp } from 'nestjs-sidecar-agent';

const app = await NestFactory.createMicroservice(AppModule, server);
await runSidecarApp(app);
`,
    });
  });

  it('keeps the line breaks of Windows', () => {
    const edited = edit(
      'import { A } from "./a";\r\nconst app = await NestFactory.create(A);\r\nawait app.listen(1);\r\n',
    );
    expect('text' in edited && edited.text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });
});

describe('editMain, with shutdown hooks', () => {
  const lines = ['const app = await NestFactory.create(AppModule);', 'await app.listen(3000);'];
  const hooks = "app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });";

  it('connects the gRPC server and enables the hooks', () => {
    expect(body(lines, 'hooks')).toEqual([
      ...lines.slice(0, 1),
      ...CONNECTED,
      hooks,
      'await app.startAllMicroservices();',
      'await app.listen(3000);',
      '',
    ]);
  });

  it('keeps a file that it has edited', () => {
    const once = body(lines, 'hooks').slice(0, -1);
    expect(body(once, 'hooks').slice(0, -1)).toEqual(once);
  });

  it('keeps hooks that are enabled', () => {
    const enabled = [...lines.slice(0, 1), 'app.enableShutdownHooks();', ...lines.slice(1)];
    expect(body(enabled, 'hooks')).not.toContain(hooks);
  });

  it('keeps a class that enables them', () => {
    const start = 'this.app = await NestFactory.create(AppModule);\nawait this.app.listen(3000);\n';
    const text = `this.app.connectMicroservice({ transport: Transport.GRPC, options });
this.app.enableShutdownHooks();
${start}`;
    expect(edit(text, 'hooks')).toEqual({ text });
    expect(edit(`this.app.enableShutdownHooks();\n${start}`, 'hooks')).toHaveProperty('problem');
    expect(edit(text.replace('enableShutdownHooks', 'flush'), 'hooks')).toHaveProperty('problem');
  });

  it('keeps runSidecarApp', () => {
    const managed = body(lines).slice(0, -1);
    expect(body(managed, 'hooks').slice(0, -1)).toEqual(managed);
  });
});

describe('editMain does not edit', () => {
  const creation = 'const app = await NestFactory.create(AppModule);';

  it.each([
    ['an app that is created in a promise', 'NestFactory.create(A).then((app) => app.listen(3000));'],
    ['several apps', `${creation}\nconst other = await NestFactory.create(B);\nawait app.listen(3000);`],
    ['an app of another name', 'const { app } = await NestFactory.create(A);\nawait app.listen(3000);'],
    ['a standalone app', 'const app = await NestFactory.createApplicationContext(A);\nawait app.close();'],
  ])('%s', (_, text) => {
    expect(edit(text)).toEqual({
      problem: expect.stringMatching(/^It does not create one app by const app/),
    });
  });

  it.each([
    ['a listen that nothing awaits', `${creation}\napp.listen(3000);`],
    ['a listen in a branch', `${creation}\nif (x) { await app.listen(3000); }`],
    ['an app that does not listen', `${creation}\nawait app.init();`],
  ])('%s', (_, text) => {
    expect(edit(text)).toEqual({
      problem: 'It has no await app.listen(…) beside the line that creates app',
    });
  });

  it.each([
    ['It returns after it listens', `async function f() { ${creation} await app.listen(1); return app; }`],
    [
      'It has declarations or branches after it listens',
      `${creation}\nawait app.listen(1);\nif (module.hot) { f(); }`,
    ],
    [
      'It has declarations or branches after it listens',
      `${creation}\nawait app.listen(1);\nfunction f() {}`,
    ],
    [
      'It has declarations or branches after it listens',
      `${creation}\nawait app.listen(1);\nexport const url = await app.getUrl();`,
    ],
    [
      'It declares url after it listens, and uses it elsewhere',
      `function f() { return url; }\n${creation}\nawait app.listen(1);\nconst url = await app.getUrl();`,
    ],
    [
      'Its microservice does not use Transport.GRPC',
      'const app = await NestFactory.createMicroservice(A, { transport: Transport.TCP });\nawait app.listen();',
    ],
    [
      'It calls runSidecarApp without a gRPC server',
      `${creation}\nawait runSidecarApp(app, { listen: 3000 });\nawait app.listen(3000);`,
    ],
  ])('a file with a problem: %s', (problem, text) => {
    expect(edit(text)).toEqual({ problem });
  });
});
