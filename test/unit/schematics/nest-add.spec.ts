import { describe, expect, it } from '@jest/globals';
import { nestAdd, report } from '../../../lib/schematics/nest-add.js';
import { documentedFile } from '../../compat/support/user-project.js';
import { MemoryTree } from '../../support/memory-tree.js';

const MAIN = `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  await app.listen(process.env.PORT ?? 3000);
}
bootstrap();
`;
const MODULE = `import { Module } from '@nestjs/common';

@Module({ imports: [] })
export class AppModule {}
`;
const MANIFEST = {
  name: '@acme/Book Shop',
  version: '1.2.3',
  scripts: { 'start:dev': 'nest start --watch', test: 'jest' },
  dependencies: { '@nestjs/core': '^11.0.1' },
  devDependencies: { jest: '^30.0.0' },
  jest: { testEnvironment: 'node' },
};
const NEST_CLI = '{ "sourceRoot": "src" }';

const APPLICATION = {
  'package.json': JSON.stringify(MANIFEST, null, 2),
  'nest-cli.json': NEST_CLI,
  'src/main.ts': MAIN,
  'src/app.module.ts': MODULE,
};

interface Task {
  readonly name: string;
  readonly options: { readonly options?: { readonly text: string } };
}

/** Runs the schematic on the files, and returns what came of it. */
function add(files: Readonly<Record<string, string>>, flags: Readonly<Record<string, unknown>> = {}) {
  const tree = new MemoryTree(files);
  const tasks: Task[] = [];
  const printed: string[] = [];
  nestAdd(flags)(tree, {
    logger: { info: (line) => void printed.push(line) },
    addTask: (task) => tasks.push(task.toConfiguration() as Task),
  });
  const text = tasks.map(({ options }) => options.options?.text ?? '').join('');
  const manifest = () => JSON.parse(tree.files.get('package.json') ?? '') as typeof MANIFEST;
  const names = tasks.map(({ name }) => name);
  return { files: Object.fromEntries(tree.files), tasks: names, text, printed, manifest };
}

/** Runs the schematic with flags that are written out. */
function addWithArguments(files: Readonly<Record<string, string>>, ...flags: readonly string[]) {
  const given = process.argv;
  process.argv = [...given, ...flags];
  try {
    const run = flags.find((flag) => flag.startsWith('--run='))?.slice('--run='.length);
    return add(files, run === undefined ? {} : { run });
  } finally {
    process.argv = given;
  }
}

function withManifest(changes: object): Record<string, string> {
  return { ...APPLICATION, 'package.json': JSON.stringify({ ...MANIFEST, ...changes }) };
}

describe('nest add', () => {
  it('changes nothing in a second run', () => {
    const once = add(APPLICATION);
    const twice = add(once.files);
    expect(twice.files).toEqual(once.files);
    expect(twice.text).toMatch(/^nestjs-sidecar-agent: nothing to change in book-shop \(/);
    expect(twice.tasks).toEqual(['run-schematic']);
  });

  it('adds the packages that package.json lacks, and lets the package manager install them', () => {
    const { manifest, tasks } = add(
      withManifest({ devDependencies: { '@grpc/grpc-js': '1.14.0', jest: '30' } }),
    );
    expect(manifest().dependencies).toEqual({
      '@grpc/proto-loader': '^0.8.0',
      '@nestjs/core': '^11.0.1',
      '@nestjs/microservices': '^11.1.10',
      '@nestjs/terminus': '^11.0.0',
    });
    expect(tasks).toEqual(['node-package', 'run-schematic']);
  });

  it('does not install with --skip-install', () => {
    expect(add(APPLICATION, { skipInstall: true }).tasks).toEqual(['run-schematic']);
  });

  it('says to install the packages, if it does not', () => {
    const line = 'package.json has new packages. Then:\n  npm install\n';
    const once = add(APPLICATION, { skipInstall: true });
    expect(once.text).toContain(line);
    expect(add(once.files, { skipInstall: true }).text).not.toContain(line);
    expect(add(APPLICATION).text).not.toContain(line);
  });

  it('tells of a dry run what it would do', () => {
    const { printed, tasks } = addWithArguments(APPLICATION, '--dry-run');
    expect(tasks).not.toContain('run-schematic');
    expect(printed.join('')).toMatch(/^\nnestjs-sidecar-agent: would be added to book-shop \(/);
    expect(printed.join('')).toContain('After that, in two terminals:');
    const again = addWithArguments(add(APPLICATION).files, '--dry-run');
    expect(again.printed.join('')).toContain('Try it, in two terminals:');
  });

  it('asks for another Node.js as long as Jest does not compile Nest 12', () => {
    const nest12 = withManifest({ dependencies: { '@nestjs/core': '^12.0.1' } });
    const node = Object.getOwnPropertyDescriptor(process.versions, 'node') ?? {};
    Object.defineProperty(process.versions, 'node', { ...node, value: '20.19.0' });
    try {
      expect(add(nest12).text).toContain(
        'Use it for your tests, or see node_modules/nestjs-sidecar-agent/docs/testing.md, "Jest in',
      );
      const settings = documentedFile('docs/testing.md', 'jest.config.cjs');
      expect(add({ ...nest12, 'jest.config.ts': settings }).text).not.toContain('Left for you');
    } finally {
      Object.defineProperty(process.versions, 'node', node);
    }
  });

  it('prints its report in a schematic of its own, after the install', () => {
    const printed: string[] = [];
    const context = { logger: { info: (line: string) => void printed.push(line) }, addTask: () => 0 };
    report({ text: 'Added' })(new MemoryTree({}), context);
    expect(printed).toEqual(['\nAdded']);
  });

  it('names the service after the package, without scope and capitals', () => {
    const { files } = add(APPLICATION);
    expect(files['src/sidecar-agent.options.ts']).toContain(
      "app: { id: 'book-shop', name: 'book-shop', env: 'dev', version: 'v1.2.3' }",
    );
  });

  it('lets nest start --watch leave at once', () => {
    const scripts = {
      'start:dev': 'nest start --watch',
      'start:debug': 'nest start --debug -w',
      start: 'nest start',
      own: 'NODE_ENV=test nest start --watch',
      both: 'docker compose up -d && nest start --watch',
    };
    const { manifest, text } = add(withManifest({ scripts }));
    expect(manifest().scripts).toEqual({
      ...scripts,
      'start:dev': 'NODE_ENV=development nest start --watch',
      'start:debug': 'NODE_ENV=development nest start --debug -w',
    });
    expect(text).toContain('The script both does not begin with nest start. Set NODE_ENV=development in it.');
    expect(text).not.toContain('The script own');
  });

  it('lets the build copy the protos', () => {
    const cli = '{ "compilerOptions": { "assets": ["**/*.json"] } }';
    const { files } = add({ ...APPLICATION, 'nest-cli.json': cli });
    expect(JSON.parse(files['nest-cli.json'] ?? '')).toEqual({
      compilerOptions: { assets: ['**/*.json', { include: '**/*.proto', watchAssets: true }] },
    });
  });

  it.each(['["**/*.proto"]', '[{ "include": "**/*.proto", "outDir": "dist" }]'])(
    'keeps assets that have the protos: %s',
    (assets) => {
      const cli = `{ "compilerOptions": { "assets": ${assets} } }`;
      expect(add({ ...APPLICATION, 'nest-cli.json': cli }).files['nest-cli.json']).toBe(cli);
    },
  );

  it('writes no health controller and no test if it is told so', () => {
    const { files, manifest } = add(APPLICATION, { health: false, test: false });
    expect(Object.keys(files).filter((path) => /health|spec/.test(path))).toEqual([]);
    expect(Object.keys(manifest().dependencies)).not.toContain('@nestjs/terminus');
  });

  it('lets Jest compile the package in a Nest 11 application', () => {
    const { files } = add({ ...APPLICATION, 'test/jest-e2e.json': '{}' });
    const line = { transformIgnorePatterns: ['/node_modules/(?!.*nestjs-sidecar-agent/)'] };
    expect(JSON.parse(files['package.json'] ?? '')).toMatchObject({ jest: line });
    expect(JSON.parse(files['test/jest-e2e.json'] ?? '')).toEqual(line);
  });

  it('says the line if the settings of Jest are a file of code', () => {
    const { text } = add({ ...withManifest({ jest: undefined }), 'jest.config.ts': 'export default {};' });
    expect(text).toContain(`Left for you: jest.config.ts
  Jest must compile the package. Add:

    transformIgnorePatterns: ['/node_modules/(?!.*nestjs-sidecar-agent/)'],`);
  });

  it('says the line if Jest has patterns of its own', () => {
    const jest = { transformIgnorePatterns: ['/node_modules/'] };
    const { manifest, text } = add(withManifest({ jest }));
    expect(manifest()).toMatchObject({ jest });
    expect(text).toContain('Left for you: package.json\n  Jest must compile the package. Add:');
  });

  it('imports the functions of Vitest', () => {
    const scripts = { test: 'vitest run' };
    const { files } = add(withManifest({ type: 'module', scripts, devDependencies: { vitest: '^4' } }));
    expect(files['src/sidecar-agent.spec.ts']).toContain("from 'vitest';");
    expect(files['src/grpc.options.ts']).toContain('join(import.meta.dirname,');
    expect(add(APPLICATION).files['src/sidecar-agent.spec.ts']).not.toContain('vitest');
  });
});

describe('nest add, for an application that has something already', () => {
  it('serves its own protos, if it has handlers', () => {
    const { files } = add({
      ...APPLICATION,
      'proto/auth.proto': 'syntax = "proto3";\npackage acme.auth.v1;\nservice Auth {}\n',
      'src/proto/types.proto': 'package acme.types;\nmessage Empty {}\n',
      'src/auth.controller.ts': "@GrpcMethod('Auth', 'Login')",
    });
    expect(files['src/grpc.options.ts']).toContain(`package: 'acme.auth.v1',
  protoPath: join(__dirname, '../proto/auth.proto'),`);
    expect(files['src/greeter.controller.ts']).toBeUndefined();
    // They are not among the sources, so nothing copies them.
    expect(files['nest-cli.json']).toBe(NEST_CLI);
  });

  it('shares the options that the main file imports', () => {
    const main = `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
import { serverOptions as own } from './mesh/server.options';

async function bootstrap() {
  const app = await NestFactory.createMicroservice(AppModule, { transport: Transport.GRPC, options: own });
  await app.listen();
}
`;
    const { files, text } = add({ ...APPLICATION, 'src/main.ts': main });
    expect(files['src/sidecar-agent.options.ts']).toContain(
      "import { serverOptions } from './mesh/server.options';",
    );
    expect(files['src/grpc.options.ts']).toBeUndefined();
    expect(files['src/main.ts']).toContain('await runSidecarApp(app);');
    expect(text).toContain('For probes over gRPC, npm install grpc-health-check@2');
  });

  it('shares the options of a server that the main file imports as a whole', () => {
    const main = `import { NestFactory } from '@nestjs/core';
import { MicroserviceOptions } from '@nestjs/microservices';
import { AppModule } from './app.module';
import { grpcClientOptions } from './config';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.connectMicroservice<MicroserviceOptions>(grpcClientOptions);
  await app.startAllMicroservices();
  await app.listen(3001);
}
`;
    const server = `export const grpcClientOptions: GrpcOptions = {
  transport: Transport.GRPC,
  options: { package: 'hero', protoPath: join(__dirname, '../hero/hero.proto') },
};
`;
    const own = { ...APPLICATION, 'src/main.ts': main, 'src/config/index.ts': server };
    const { files, text } = add(own);
    expect(files['src/main.ts']?.match(/connectMicroservice/g)).toHaveLength(1);
    expect(files['src/main.ts']).toContain('await runSidecarApp(app, {');
    expect(files['src/grpc.options.ts']).toBeUndefined();
    expect(files['src/sidecar-agent.options.ts']).toContain('grpc: grpcClientOptions.options,');
    expect(files['src/sidecar-agent.spec.ts']).toContain(
      "{ ...grpcClientOptions.options, url: '127.0.0.1:0' }",
    );
    expect(files['src/sidecar-agent.spec.ts']).toContain("from './config/index';");
    expect(text).not.toContain('Left for you');
    expect(add(files).files).toEqual(files);
  });

  it('says which type an imported server must have', () => {
    const main = `import { AppModule } from './app.module';
import { grpcClientOptions } from './grpc-client.options';
const app = await NestFactory.createMicroservice(AppModule, grpcClientOptions);
await app.listen();
`;
    const server =
      'export const grpcClientOptions: ClientOptions = { transport: Transport.GRPC, options };\n';
    const own = { ...APPLICATION, 'src/main.ts': main, 'src/grpc-client.options.ts': server };
    const { files, text } = add(own);
    expect(files['src/main.ts']).toBe(main);
    expect(text).toContain(`Left for you: src/grpc-client.options.ts
  Its constant grpcClientOptions is of the type ClientOptions, by which the module cannot have its options. Give it the type GrpcOptions, and run nest add again:

    import { type GrpcOptions, Transport } from '@nestjs/microservices';

    export const grpcClientOptions: GrpcOptions = {`);
    expect(text).toMatch(/^nestjs-sidecar-agent: a part is left for you in book-shop \(/);
    expect(text).not.toMatch(/added to|Try it/);
    const typed = {
      ...own,
      'src/grpc-client.options.ts': server.replace('ClientOptions =', 'GrpcOptions ='),
    };
    expect(add(typed).files['src/main.ts']).toContain('await runSidecarApp(app);');
    expect(add(typed).text).toContain(
      'options: withGrpcHealth({ /* your options */ }), // in grpcClientOptions',
    );
  });

  it('uses a grpc.options.ts that has a server as a whole', () => {
    const own = (type: string) => ({
      ...APPLICATION,
      'src/grpc.options.ts': `export const mesh: ${type} = { transport: Transport.GRPC, options };\n`,
    });
    expect(add(own('GrpcOptions')).files['src/main.ts']).toContain('options: mesh.options,');
    expect(add(own('ClientOptions')).text).toContain('Its constant mesh is of the type ClientOptions');
  });

  it('moves options that are written in the main file to a file that the module imports, too', () => {
    const main = `import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { join as joined, resolve } from 'path';
import { existsSync } from 'fs';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(
    AppModule,
    {
      transport: Transport.GRPC,
      options: {
        package: 'acme.auth.v1',
        protoPath: existsSync('x') ? joined(__dirname, '../auth.proto') : '',
        onLoadPackageDefinition: (pkg, server) => use(pkg, server),
        url: \`0.0.0.0:\${process.env.PORT}\`,
      },
    },
  );
  console.log(resolve('.'));
  await app.listen();
}
bootstrap();
`;
    const refused = add({ ...APPLICATION, 'src/main.ts': main });
    expect(refused.files['src/main.ts']).toBe(main);
    expect(refused.text).toContain(
      'The options of its gRPC server need use, which another file cannot import. The server and the module',
    );
    const movable = main.replace('        onLoadPackageDefinition: (pkg, server) => use(pkg, server),\n', '');
    const { files } = add({ ...APPLICATION, 'src/main.ts': movable });
    expect(files['src/grpc.options.ts']).toBe(`import { existsSync } from 'fs';
import { join as joined } from 'path';
import type { GrpcOptions } from '@nestjs/microservices';

/** The gRPC server and SidecarAgentModule get the same options. */
export const grpcOptions: GrpcOptions['options'] = {
  package: 'acme.auth.v1',
  protoPath: existsSync('x') ? joined(__dirname, '../auth.proto') : '',
  url: \`0.0.0.0:\${process.env.PORT}\`,
};
`);
    expect(files['src/main.ts']).toBe(`import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { resolve } from 'path';
import { runSidecarApp } from 'nestjs-sidecar-agent';
import { AppModule } from './app.module';
import { grpcOptions } from './grpc.options';

async function bootstrap() {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(
    AppModule,
    {
      transport: Transport.GRPC,
      options: grpcOptions,
    },
  );
  console.log(resolve('.'));
  await runSidecarApp(app);
}
bootstrap();
`);
    expect(add(files).files).toEqual(files);
  });

  it('says how to have probes over gRPC, as long as a microservice has none', () => {
    const main = `import { AppModule } from './app.module';
import { grpcOptions } from './grpc.options';
const app = await NestFactory.createMicroservice(AppModule, {
  transport: Transport.GRPC,
  options: grpcOptions,
});
await app.listen();
`;
    const options = 'export const grpcOptions = withGrpcHealth({});\n';
    const withProbes = `import { withGrpcHealth } from 'nestjs-sidecar-agent/grpc-health';\n${options}`;
    const files = { ...APPLICATION, 'src/main.ts': main };
    expect(add({ ...files, 'src/grpc.options.ts': options }).text).toContain('grpc-health-check@2');
    expect(add({ ...files, 'src/grpc.options.ts': withProbes }).text).not.toContain('Left for you');
  });

  it('uses a grpc.options.ts that nothing imports yet', () => {
    const options = 'export const mesh: GrpcOptions["options"] = {};\nexport const create = () => mesh;\n';
    const { files } = add({ ...APPLICATION, 'src/grpc.options.ts': options });
    expect(files['src/main.ts']).toContain('options: mesh,');
  });

  it('keeps a module that imports SidecarAgentModule', () => {
    const module = `import { Module } from '@nestjs/common';
@Module({ imports: [SidecarAgentModule.forRoot(options)], controllers: [GreeterController] })
export class AppModule {}
`;
    const options = 'export const grpcOptions = {};\n';
    const own = { ...APPLICATION, 'src/app.module.ts': module, 'src/grpc.options.ts': options };
    const { files } = add(own, { health: false });
    expect(files['src/app.module.ts']).toBe(module);
    expect(files['src/sidecar-agent.options.ts']).toBeUndefined();
    expect(files['src/main.ts']).toContain('runSidecarApp');
  });

  it('keeps a service without gRPC that has the module', () => {
    const module = MODULE.replace(
      'imports: []',
      "imports: [SidecarAgentModule.forRoot({ protocol: 'http' })]",
    );
    const { files, text } = add({ ...APPLICATION, 'src/app.module.ts': module });
    expect(Object.keys(files)).toEqual(Object.keys(APPLICATION));
    expect(files).toMatchObject({ 'src/app.module.ts': module, 'src/main.ts': MAIN });
    expect(text).toContain('The app has SidecarAgentModule and no gRPC server, so the rest stays as it is.');
  });

  it('keeps health checks, and says what to add to them', () => {
    const own = "import { HealthCheck } from '@nestjs/terminus';";
    const { files, text } = add({ ...APPLICATION, 'src/probes.controller.ts': own });
    expect(files['src/health/health.module.ts']).toBeUndefined();
    expect(text).toContain('Left for you: src/probes.controller.ts');
    expect(text).toContain("() => this.sidecar.ready('sidecar'),");
  });

  it('keeps a health module without Terminus', () => {
    const module = MODULE.replace('AppModule', 'HealthModule');
    const { files, text } = add({ ...APPLICATION, 'src/health/health.module.ts': module });
    expect(files['src/health/health.module.ts']).toBe(module);
    expect(files['src/health/health.controller.ts']).toBeUndefined();
    expect(text).toContain('Left for you: src/health/health.module.ts');
  });

  it('adds HealthModule beside a module whose name ends in the same way', () => {
    const module = MODULE.replace('imports: []', 'imports: [OldHealthModule]');
    const { files } = add({ ...APPLICATION, 'src/app.module.ts': module });
    expect(files['src/app.module.ts']).toMatch(
      /^ {2}HealthModule,$|[ ,]HealthModule\b.*]|^ +HealthModule,$/m,
    );
  });

  it('imports the root module of another name and folder', () => {
    const { files } = add({
      'package.json': APPLICATION['package.json'],
      'src/main.ts': MAIN.replaceAll('AppModule', 'ShopModule').replace(
        './app.module',
        './shop/shop.module.js',
      ),
      'src/shop/shop.module.ts': MODULE.replace('AppModule', 'ShopModule'),
    });
    expect(files['src/shop/shop.module.ts']).toContain("from '../sidecar-agent.options.js';");
    expect(files['src/shop/shop.module.ts']).toContain("from '../health/health.module.js';");
    expect(files['src/sidecar-agent.spec.ts']).toContain("from './shop/shop.module.js';");
  });
});

describe('nest add, for an app that ends in some way already', () => {
  const hooked = add(APPLICATION, { run: 'hooks' }).files;
  const managed = add(APPLICATION).files;

  it('keeps shutdown hooks in a run without the flag, and says how to replace them', () => {
    const { files, text } = add(hooked, { run: 'managed' });
    expect(files).toEqual(hooked);
    expect(text).toContain(
      'Kept:\n  src/main.ts keeps its shutdown hooks. To replace them by runSidecarApp, add --run=managed\n',
    );
    expect(add(hooked, { run: 'hooks' }).text).not.toContain('Kept:');
  });

  it('does not take the hooks of another app for those of this one', () => {
    const worker = `  if (isWorker) {
    const context = await NestFactory.createApplicationContext(AppModule);
    context.enableShutdownHooks();
    return;
  }
`;
    const main = MAIN.replace('  const app', `${worker}  const app`);
    const { files, text } = add({ ...APPLICATION, 'src/main.ts': main });
    expect(files['src/main.ts']).toContain(worker);
    expect(files['src/main.ts']).toContain('await runSidecarApp(app, {');
    expect(text).not.toContain('Kept:');
  });

  it('replaces shutdown hooks with --run=managed', () => {
    const { files, text } = addWithArguments(hooked, '--run=managed');
    expect(files).toEqual(managed);
    expect(text).not.toContain('Kept:');
  });

  it('keeps runSidecarApp, and says where to read on with --run=hooks', () => {
    expect(add(managed).text).not.toContain('Kept:');
    const { files, text } = addWithArguments(managed, '--run=hooks');
    expect(files).toEqual(managed);
    expect(text).toContain('Kept:\n  src/main.ts keeps runSidecarApp. For shutdown hooks in place of it see');
  });
});

describe('nest add leaves what it does not understand', () => {
  it('a main file, byte for byte', () => {
    const main = 'NestFactory.create(AppModule)\n  .then((app) => app.listen(3000));\n';
    const { files, text } = add({ ...APPLICATION, 'src/main.ts': main });
    expect(files['src/main.ts']).toBe(main);
    expect(text).toContain(`Left for you: src/main.ts
  It does not create one app by const app = await NestFactory.create(…), so the file stays as it is. Add:

    import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
    import { grpcOptions } from './grpc.options';
    import { runSidecarApp } from 'nestjs-sidecar-agent';

    // in place of await app.listen(…)
    app.connectMicroservice<MicroserviceOptions>({`);
  });

  it.each([
    ['runSidecarApp(app, {', 'managed'],
    ['this.app.enableShutdownHooks();', 'hooks'],
  ] as const)('a main file in which the developer has written %s', (line, run) => {
    const main = `import { AppModule } from './app.module';
this.app = await NestFactory.create(AppModule);
this.app.connectMicroservice({ transport: Transport.GRPC, options: own });
${line}
await this.app.listen(3000);
`.replace('import', "import { own } from './own.options';\nimport");
    const { files, text } = add({ ...APPLICATION, 'src/main.ts': main }, { run });
    expect(files['src/main.ts']).toBe(main);
    expect(text).not.toContain('Left for you');
    expect(text).toContain('Try it, in two terminals:');
  });

  it('a main file with several apps, with lines by which each of them starts', () => {
    const main = `import { AppModule } from './app.module';
const app = await NestFactory.create(AppModule);
await app.listen(3000);
const admin = await NestFactory.create(AdminModule);
await admin.listen(4000);
`;
    const { files, text } = add({ ...APPLICATION, 'src/main.ts': main });
    expect(files['src/main.ts']).toBe(main);
    expect(text).toContain(`    // app: the one whose root module has SidecarAgentModule
    // in place of its await app.listen(…), as the last statements, after the other apps listen:
    // the promise of runSidecarApp resolves only when the process ends
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
    // then close each of the others
    await other.close();
`);
    const hooked = add({ ...APPLICATION, 'src/main.ts': main }, { run: 'hooks' }).text;
    expect(hooked).toContain('    app.enableShutdownHooks(');
    expect(hooked).not.toContain('runSidecarApp');
  });

  it('a main file of a microservice of another transport, with lines for an app that has both', () => {
    const main = `import { Transport } from '@nestjs/microservices';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.createMicroservice<TcpOptions>(AppModule, {
    transport: Transport.TCP,
  });
  await app.listen();
}
`;
    const own = { ...APPLICATION, 'src/main.ts': main };
    const { files, text } = add(own);
    expect(files['src/main.ts']).toBe(main);
    expect(text).toContain(`Left for you: src/main.ts
  Its microservice does not use Transport.GRPC, so the file stays as it is. Add:

    import { type MicroserviceOptions } from '@nestjs/microservices';
    import { grpcOptions } from './grpc.options';
    import { runSidecarApp } from 'nestjs-sidecar-agent';

    // in place of NestFactory.createMicroservice(…): one app with both servers
    const app = await NestFactory.create(AppModule);
    app.connectMicroservice<TcpOptions>({
      transport: Transport.TCP,
    });
    app.connectMicroservice<MicroserviceOptions>({
      transport: Transport.GRPC,
      options: grpcOptions,
    });

    // in place of await app.listen()
    await runSidecarApp(app);
`);
    const hooked = add(own, { run: 'hooks' }).text;
    expect(hooked).toContain('    await app.startAllMicroservices();\n    await app.init();\n');
    expect(hooked).not.toContain('runSidecarApp');
    const lines = text
      .split('\n')
      .filter((line) => line.startsWith('    ') && !line.includes('withGrpcHealth'));
    const written = `import { AppModule } from './app.module';\n${lines.join('\n')}`;
    const again = add({ ...files, 'src/main.ts': written });
    expect(again.text).not.toContain('Left for you: src/main.ts');
    // It still has no HTTP server.
    expect(again.files['src/health/health.controller.ts']).toBeUndefined();
  });

  it.each([
    ['managed', 'in place of await app.listen()\n    await runSidecarApp(app);'],
    ['hooks', 'before await app.listen()\n    app.enableShutdownHooks('],
  ] as const)('a gRPC microservice that nothing awaits, with lines for it (%s)', (run, lines) => {
    const main = `import { AppModule } from './app.module';
import { own } from './own.options';
const app = await NestFactory.createMicroservice(AppModule, { transport: Transport.GRPC, options: own });
void app.listen();
`;
    const { text } = add({ ...APPLICATION, 'src/main.ts': main }, { run });
    expect(text).toContain(lines);
    expect(text).not.toContain('connectMicroservice');
  });

  it('a root module, and says what to add', () => {
    const module = 'export const AppModule = createModule();\n';
    const { files, text } = add({ ...APPLICATION, 'src/app.module.ts': module }, { run: 'hooks' });
    expect(files['src/app.module.ts']).toBe(module);
    expect(text).toContain(`    imports: [
      SidecarAgentModule.forRootAsync({ useFactory: sidecarAgentOptions }),
      HealthModule,
    ],
    controllers: [
      GreeterController,
    ],`);
  });

  it('an application whose server has options that the module cannot import', () => {
    const main = `const app = await NestFactory.createMicroservice(AppModule, {
  transport: Transport.GRPC,
  options: createOptions(),
});
await app.listen();
`;
    const { files, text } = add({ ...APPLICATION, 'src/main.ts': main });
    expect(files).toMatchObject({ 'src/main.ts': main, 'src/app.module.ts': MODULE });
    expect(text).toContain('It does not import the options of its gRPC server from another file.');
    expect(text).toContain('Then run nest add again');
  });
});

describe('nest add, in a monorepo', () => {
  const projects = {
    main: { sourceRoot: 'apps/main/src' },
    shop: { sourceRoot: 'apps/shop/src', entryFile: 'main', compilerOptions: {} },
  };
  const monorepo = {
    'package.json': APPLICATION['package.json'],
    'nest-cli.json': JSON.stringify({ monorepo: true, sourceRoot: 'apps/main/src', projects }),
    'apps/main/src/main.ts': MAIN,
    'apps/main/src/app.module.ts': MODULE,
    'apps/shop/src/main.ts': MAIN,
    'apps/shop/src/app.module.ts': MODULE,
    'apps/shop/test/jest-e2e.json': '{}',
  };

  it.each([
    ['the project of --project', { project: 'shop', sourceRoot: 'apps/main/src' }, 'shop'],
    ['the project of the source root, which the Nest CLI asked for', { sourceRoot: 'apps/shop/src' }, 'shop'],
    ['the root project', {}, 'main'],
  ])('changes %s', (_, flags, name) => {
    const { files } = add(monorepo, flags);
    const changed = Object.keys(files).filter((path) => path.endsWith('sidecar-agent.options.ts'));
    expect(changed).toEqual([`apps/${name}/src/sidecar-agent.options.ts`]);
    expect(files[changed[0] ?? '']).toContain(`service: { name: '${name}' }`);
    expect(JSON.parse(files['nest-cli.json'] ?? '')).toHaveProperty(
      ['projects', name, 'compilerOptions', 'assets'],
      [{ include: '**/*.proto', watchAssets: true }],
    );
  });

  it('says that each project needs ports of its own', () => {
    const line = '# two projects at a time: a GRPC_PORT and a PORT of its own for each';
    expect(add(monorepo, { project: 'shop' }).text).toContain(line);
    expect(add(APPLICATION).text).not.toContain(line);
  });

  it('sets up Jest for the end-to-end tests of the project', () => {
    expect(add(monorepo, { project: 'shop' }).files['apps/shop/test/jest-e2e.json']).toContain(
      'nestjs-sidecar-agent',
    );
  });

  it('refuses an unknown project', () => {
    expect(() => add(monorepo, { project: 'shpo' })).toThrow(
      '--project: unknown project shpo (did you mean `shop`?). Projects of nest-cli.json: main, shop',
    );
    expect(() => add(APPLICATION, { project: 'shop' })).toThrow(
      '--project: unknown project shop. nest-cli.json has no projects; leave the flag out',
    );
  });
});

describe('nest add refuses', () => {
  it('a folder without an application', () => {
    expect(() => add({})).toThrow('There is no package.json. Run nest add in the folder that has it');
    expect(() => add({ 'package.json': '{}' })).toThrow(
      'There is no src/main.ts, the file that starts the app.',
    );
    expect(() => add(withManifest({ dependencies: {} }))).toThrow('package.json has no @nestjs/core.');
  });

  it('other versions of Nest, by what is installed', () => {
    expect(() => add(withManifest({ dependencies: { '@nestjs/core': '^10.0.0' } }))).toThrow(
      '@nestjs/core must be 11 or 12, got ^10.0.0. Update Nest first',
    );
    const installed = { 'node_modules/@nestjs/core/package.json': '{ "version": "12.5.1" }' };
    const { manifest } = add({
      ...withManifest({ dependencies: { '@nestjs/core': 'latest' } }),
      ...installed,
    });
    expect(manifest().dependencies).toMatchObject({ '@nestjs/microservices': '^12.0.1' });
  });

  it('wrong flags, before it changes anything', () => {
    expect(() => add(APPLICATION, { run: 'always' })).toThrow('--run: must be managed or hooks');
  });
});
