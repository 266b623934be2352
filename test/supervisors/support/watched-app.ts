import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * An application with the README's code, whose source is watched by a tool. Its folder is in the
 * repository, where it finds the packages and this one by its name.
 */
export class WatchedApp {
  readonly #folder: string;
  #tool?: ChildProcessWithoutNullStreams;
  output = '';

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param port the port of the gRPC server */
  static async create(port: number): Promise<WatchedApp> {
    const app = new WatchedApp(await mkdtemp(join(ROOT, 'test/supervisors/build-')));
    await cp(join(ROOT, 'sample/01-grpc-service/proto'), join(app.#folder, 'proto'), { recursive: true });
    for (const [name, text] of Object.entries(filesOf(port))) await app.write(name, text);
    return app;
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.#folder, name), text);
  }

  /** Changes the version of the service, and saves the file. */
  async save(version: string): Promise<void> {
    const text = await readFile(join(this.#folder, 'app.module.ts'), 'utf8');
    await this.write('app.module.ts', text.replace(/version: '.*?'/, `version: '${version}'`));
  }

  /** Starts a tool that watches the source, in a process group of its own. */
  start(command: string, args: string[], env: NodeJS.ProcessEnv): void {
    this.#tool = spawn(command, args, {
      cwd: this.#folder,
      env: { ...process.env, NO_COLOR: '1', ...env },
      detached: true,
    });
    for (const stream of [this.#tool.stdout, this.#tool.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
  }

  /** Ends the tool as Ctrl-C does, and whatever is left of it after a while. */
  async close(): Promise<void> {
    const tool = this.#tool;
    if (tool?.pid !== undefined && tool.exitCode === null) {
      const exited = once(tool, 'exit');
      signalGroup(tool.pid, 'SIGINT');
      await Promise.race([exited, delay(8_000, undefined, { ref: false })]);
      signalGroup(tool.pid, 'SIGKILL');
      await exited;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

function filesOf(port: number): Readonly<Record<string, string>> {
  const compiler = {
    target: 'es2022',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    types: ['node'],
    strict: true,
    skipLibCheck: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    outDir: 'dist',
    rootDir: '.',
  };
  return {
    'tsconfig.json': JSON.stringify({ compilerOptions: compiler, include: ['*.ts'] }),
    'nest-cli.json': JSON.stringify({ sourceRoot: '.', compilerOptions: { tsConfigPath: 'tsconfig.json' } }),
    'app.module.ts': `import { Controller, Module } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { SidecarAgentModule } from 'nestjs-sidecar-agent';
import { grpcOptions } from './grpc.options.js';

@Controller()
class AuthController {
  @GrpcMethod('AuthService', 'Login')
  login() {
    return { token: 'x' };
  }
}

@Module({
  imports: [
    SidecarAgentModule.forRoot({
      app: { id: '10001', name: 'auth-center', env: 'dev', version: 'v0' },
      service: { name: 'auth' },
      grpc: grpcOptions,
      baseUrl: process.env.SIDECAR_AGENT_URL ?? '',
      gracePeriod: process.env.NODE_ENV === 'development' ? 0 : '20s',
    }),
  ],
  controllers: [AuthController],
})
export class AppModule {}
`,
    'grpc.options.ts': `import { join } from 'node:path';
import type { GrpcOptions } from '@nestjs/microservices';

export const grpcOptions: GrpcOptions['options'] = {
  package: 'acme.auth.v1',
  protoPath: join(process.cwd(), 'proto/auth.proto'),
  url: '127.0.0.1:${port}',
};
`,
    'main.ts': `import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { runSidecarApp } from 'nestjs-sidecar-agent';
import { AppModule } from './app.module.js';
import { grpcOptions } from './grpc.options.js';

await runSidecarApp(() =>
  NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
    transport: Transport.GRPC,
    options: grpcOptions,
    abortOnError: false,
  }),
);
`,
  };
}
