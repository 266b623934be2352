import type { Application } from '../application/application.js';

/** What the test imports of the application. */
export interface Tested {
  readonly module: { readonly name: string; readonly path: string };
  /** What it imports for the options of the server, and the expression that they are. */
  readonly grpc: { readonly name: string; readonly path: string; readonly expression: string };
}

/** Returns the text of `sidecar-agent.spec.ts`. Jest needs no import of its functions. */
export function testFile({ testRunner }: Pick<Application, 'testRunner'>, { module, grpc }: Tested): string {
  const imports =
    testRunner === 'vitest' ? `import { afterEach, beforeEach, expect, it } from 'vitest';\n` : '';
  return `import type { INestMicroservice } from '@nestjs/common';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { SidecarAgent } from 'nestjs-sidecar-agent';
import { EmbeddedAgent } from 'nestjs-sidecar-agent/testing';
${imports}import { ${module.name} } from '${module.path}';
import { ${grpc.name} } from '${grpc.path}';

const agent = new EmbeddedAgent();
let app: INestMicroservice;

beforeEach(async () => {
  await agent.start();
  process.env.SIDECAR_AGENT_BASE_URL = agent.url;
  const builder = Test.createTestingModule({ imports: [${module.name}] });
  const testingModule = await builder.compile();
  app = testingModule.createNestMicroservice<MicroserviceOptions>({
    transport: Transport.GRPC,
    options: { ...${grpc.expression}, url: '127.0.0.1:0' },
  });
  await app.listen();
});

afterEach(async () => {
  try {
    await app?.close();
  } finally {
    await agent.stop();
  }
});

it('registers what the application serves', async () => {
  await app.get(SidecarAgent).registered();
  const [service] = agent.services();
  expect(service.methods).not.toEqual([]);
});

it('leaves the mesh when the application closes', async () => {
  await app.get(SidecarAgent).registered();
  await app.close();
  const calls = agent.requests().map(({ path }) => path);
  expect(calls.at(-1)).toBe('/deregister');
});
`;
}
