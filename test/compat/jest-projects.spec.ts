import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { read, ROOT } from '../docs/support/pages.js';
import { documentedFile, UserProject } from './support/user-project.js';

const JEST = join(ROOT, 'node_modules/jest/bin/jest.js');
/** The service of the README, without its AppModule, and Jest as the page sets it up. */
const ES_MODULE_PROJECT = {
  'package.json': '{ "type": "module" }',
  'jest.config.js': documentedFile('docs/testing.md', 'jest.config.js'),
  'proto/auth.proto': read('sample/01-grpc-service/proto/auth.proto'),
  'src/auth.controller.ts': read('sample/01-grpc-service/src/auth.controller.ts'),
  'src/grpc.options.ts': documentedFile('README.md', 'grpc.options.ts'),
};

const COMMON_JS_SPEC = `import { expect, it } from '@jest/globals';
import { bootstrapOptions, SidecarAgentModule } from 'nestjs-sidecar-agent';
import { sidecarAgentConfig } from 'nestjs-sidecar-agent/config';
import { addGrpcHealth } from 'nestjs-sidecar-agent/grpc-health';
import { SidecarAgentHealthIndicator } from 'nestjs-sidecar-agent/terminus';
import { EmbeddedAgent } from 'nestjs-sidecar-agent/testing';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GreeterController } from './greeter.controller';
import { SidecarAgent } from 'nestjs-sidecar-agent';
import { Transport } from '@nestjs/microservices';

it('registers and leaves', async () => {
  const agent = new EmbeddedAgent();
  await agent.start();
  const grpc = { package: 'acme.greeter.v1', protoPath: __dirname + '/greeter.proto', url: '127.0.0.1:0' };
  @Module({
    imports: [SidecarAgentModule.forRoot({
      app: { id: '1', name: 'greeter-center', env: 'test', version: 'v1' },
      service: { name: 'greeter' }, grpc, baseUrl: agent.url, drainDelay: 0,
    })],
    controllers: [GreeterController],
  })
  class AppModule {}
  const app = await NestFactory.createMicroservice(AppModule, { transport: Transport.GRPC, options: grpc, logger: false });
  await app.listen();
  await app.get(SidecarAgent).registered();
  await app.close();
  await agent.stop();
  expect(agent.requests().map(({ path }) => path)).toEqual(['/watch', '/register', '/drain', '/deregister']);
  const parts = [addGrpcHealth, bootstrapOptions, sidecarAgentConfig, SidecarAgentHealthIndicator];
  for (const part of parts) expect(part).toBeDefined();
});
`;

const GREETER = `import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';

@Controller()
export class GreeterController {
  @GrpcMethod('Greeter', 'Greet')
  greet({ name }: { name: string }) {
    return { text: 'hello ' + name };
  }
}
`;

/** Two apps of one process, one after the other, with the SDK of docs/opentelemetry.md. */
const TELEMETRY_SPEC = `import { expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SidecarAgent, SidecarAgentModule } from 'nestjs-sidecar-agent';
import { SidecarAgentOtelModule } from 'nestjs-sidecar-agent/otel';
import { EmbeddedAgent } from 'nestjs-sidecar-agent/testing';
import { MetricsController } from './metrics.controller.js';
import { Spans } from './spans.js';
import { Telemetry } from './telemetry.js';

it.each([1, 2])('app %d serves its metrics', async () => {
  const agent = new EmbeddedAgent();
  await agent.start();
  @Module({
    imports: [
      SidecarAgentModule.forRoot({
        app: { id: '1', name: 'shop', env: 'test', version: 'v1' },
        service: { name: 'shop' }, protocol: 'http', baseUrl: agent.url, gracePeriod: 0,
      }),
      SidecarAgentOtelModule.forRoot(),
    ],
    controllers: [MetricsController],
    providers: [Telemetry, Spans],
  })
  class AppModule {}
  const app = await NestFactory.create(AppModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  await app.get(SidecarAgent).registered();
  const metrics = await (await fetch((await app.getUrl()) + '/metrics')).text();
  await app.close();
  await agent.stop();
  expect(metrics).toMatch(/^sidecar_agent_registered\\{[^}]*} 1$/m);
  expect(metrics).toContain('service_name="auth"');
});
`;

describe('Jest, set up as docs/testing.md says', () => {
  let project: UserProject | undefined;

  /** Runs Jest in a project and returns what it prints. */
  async function runJest(files: Record<string, string>, flags: readonly string[] = []): Promise<string> {
    project = new UserProject(files);
    const args = [...flags, JEST, '--rootDir', project.folder, '--colors=false'];
    // JEST_WORKER_ID would make it a child of this run.
    const env = { ...process.env, NODE_OPTIONS: '', JEST_WORKER_ID: undefined };
    // A run that does not end has printed that it does not.
    const timeout = 40_000;
    const run = promisify(execFile)(process.execPath, args, { cwd: project.folder, env, timeout });
    const { stdout, stderr } = await run.catch((failed: { stdout: string; stderr: string }) => failed);
    return stdout + stderr;
  }

  afterEach(() => project?.remove());

  it('runs in a CommonJS project', async () => {
    const output = await runJest({
      'package.json': '{}',
      'jest.config.cjs': documentedFile('docs/testing.md', 'jest.config.cjs'),
      'src/greeter.proto': read('test/support/greeter.proto'),
      'src/greeter.controller.ts': GREETER,
      'src/registration.spec.ts': COMMON_JS_SPEC,
      'src/readiness.spec.ts': documentedFile('docs/testing.md', 'readiness.spec.ts'),
    });
    expect(output).toMatch(/Tests: +2 passed, 2 total/);
  }, 60_000);

  it('runs the tests of that page in an ES module project', async () => {
    const files = {
      ...ES_MODULE_PROJECT,
      'src/app.module.ts': documentedFile('README.md', 'app.module.ts'),
      'src/auth.spec.ts': documentedFile('docs/testing.md', 'auth.spec.ts'),
      'src/readiness.spec.ts': documentedFile('docs/testing.md', 'readiness.spec.ts'),
      // It differs in where it imports from, as the page says.
      'src/app.spec.ts': documentedFile('docs/testing.md', 'app.spec.ts').replace(
        "'vitest'",
        "'@jest/globals'",
      ),
    };
    const output = await runJest(files, ['--experimental-vm-modules']);
    expect(output).toMatch(/Tests: +6 passed, 6 total/);
  }, 60_000);

  it('runs apps with the SDK of docs/opentelemetry.md', async () => {
    const page = 'docs/opentelemetry.md';
    const files = {
      ...ES_MODULE_PROJECT,
      'src/telemetry.ts': documentedFile(page, 'telemetry.ts'),
      'src/spans.ts': documentedFile(page, 'spans.ts'),
      'src/metrics.controller.ts': documentedFile(page, 'metrics.controller.ts'),
      'src/telemetry.spec.ts': TELEMETRY_SPEC,
    };
    const output = await runJest(files, ['--experimental-vm-modules']);
    expect(output).toMatch(/Tests: +2 passed, 2 total/);
    expect(output).toContain("name: 'sidecar_agent.shutdown'");
  }, 60_000);

  it('runs the test of the real AppModule', async () => {
    const files = {
      ...ES_MODULE_PROJECT,
      'src/app.module.ts': documentedFile('docs/testing.md', 'real/app.module.ts'),
      'src/app.spec.ts': documentedFile('docs/testing.md', 'real/app.e2e-spec.ts'),
    };
    const output = await runJest(files, ['--experimental-vm-modules']);
    expect(output).toMatch(/Tests: +1 passed, 1 total/);
    expect(output).not.toContain('Jest did not exit');
  }, 60_000);

  it('ends if the application of a test cannot be created', async () => {
    const spec = documentedFile('docs/testing.md', 'auth.spec.ts');
    const files = {
      ...ES_MODULE_PROJECT,
      'src/auth.spec.ts': spec.replace("service: { name: 'auth' }", "service: { name: '' }"),
    };
    const output = await runJest(files, ['--experimental-vm-modules']);
    expect(output).toMatch(/Tests: +3 failed, 3 total/);
    expect(output).not.toContain('Jest did not exit');
  }, 60_000);
});
