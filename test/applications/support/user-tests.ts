import { documentedFile } from '../../compat/support/user-project.js';
import type { Application } from './applications.js';

type Runner = 'jest' | 'vitest';

/** Returns the test that docs/testing.md shows. Both runners have global functions here. */
export function documentedTest(runner: Runner): string {
  const text = documentedFile('docs/testing.md', 'auth.spec.ts');
  return inModulesOf(runner, text.replace(/^import .* from '(@jest\/globals|vitest)';\n/m, ''));
}

const HTTP_TEST = `import { Test } from '@nestjs/testing';
import { SidecarAgent, SidecarAgentModule } from 'nestjs-sidecar-agent';
import { EmbeddedAgent } from 'nestjs-sidecar-agent/testing';
import { BooksController } from './books/app.module.js';

it('registers the routes of an HTTP service', async () => {
  const agent = new EmbeddedAgent();
  await agent.start();
  const sidecar = SidecarAgentModule.forRoot({
    app: { id: '10005', name: 'book-shop', env: 'test', version: 'v1.0.0' },
    service: { name: 'books' },
    protocol: 'http',
    baseUrl: agent.url,
    drainDelay: 0,
  });
  const module = await Test.createTestingModule({ imports: [sidecar], controllers: [BooksController] }).compile();
  const app = module.createNestApplication();
  await app.listen(0, '127.0.0.1');
  await app.get(SidecarAgent).registered();
  expect(agent.services()[0].httpRoutes).toMatchObject([{ path: '/books/{isbn}' }]);
  await app.close();
  await agent.stop();
});
`;

/** Returns a test of an HTTP service: the module loads Nest's router for it. */
export function httpTest(runner: Runner): string {
  return inModulesOf(runner, HTTP_TEST);
}

/** Returns a test that imports every entry point of the installed package. */
export function entryPointsTest(application: Application, runner: Runner): string {
  const manifest = application.read('node_modules/nestjs-sidecar-agent/package.json');
  const { exports } = JSON.parse(manifest) as { exports: Record<string, unknown> };
  const names = Object.keys(exports).filter((entry) => entry !== './package.json');
  const imports = names.map(
    (entry, index) => `import * as entry${index} from 'nestjs-sidecar-agent${entry.slice(1)}';\n`,
  );
  const list = names.map((_, index) => `entry${index}`).join(', ');
  const test = `it('imports every entry point', () => {
  for (const entry of [${list}]) expect(Object.keys(entry)).not.toEqual([]);
});
`;
  return inModulesOf(runner, imports.join('') + test);
}

/** Nest 11 generates imports without an extension. */
function inModulesOf(runner: Runner, text: string): string {
  return runner === 'jest' ? text.replace(/(from '\.[^']*)\.js'/g, "$1'") : text;
}
