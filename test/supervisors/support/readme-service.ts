/**
 * Returns the files of a service with the README's code, by name: what a developer has written.
 *
 * @param port the port of the gRPC server
 */
export function sourcesOf(port: number): Readonly<Record<string, string>> {
  return {
    'package.json': JSON.stringify({
      name: 'auth',
      type: 'module',
      scripts: { 'start:prod': 'node dist/main.js', 'start:exec': 'exec node dist/main.js' },
    }),
    'tsconfig.json': JSON.stringify({ compilerOptions: COMPILER, include: ['*.ts'] }),
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
      baseUrl: process.env.SIDECAR_AGENT_BASE_URL ?? '',
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

const COMPILER = {
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
