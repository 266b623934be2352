import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { read } from '../docs/support/pages.js';
import { freePort } from '../support/free-port.js';
import { documentedFile, UserProject } from './support/user-project.js';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ES2022,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  verbatimModuleSyntax: true,
};

/** What runs the app: Node, or another runtime with its arguments, such as `deno run -A`. */
const [RUNTIME = '', ...ARGUMENTS] = process.env.README_RUNTIME?.split(' ') ?? [process.execPath];

const AUTH_CONTROLLER = read('sample/01-grpc-service/src/auth.controller.ts');
const LOGIN = '/acme.auth.v1.AuthService/Login';

/** Compiles a file of the README, which serves on the port given and not on every address. */
function compiled(file: string, port: number): string {
  const source = file === 'auth.controller.ts' ? AUTH_CONTROLLER : documentedFile('README.md', file);
  const { outputText } = ts.transpileModule(source, { fileName: file, compilerOptions: OPTIONS });
  return outputText.replace('0.0.0.0:10500', `127.0.0.1:${port}`);
}

describe('the app of the README', () => {
  const agent = new EmbeddedAgent();
  let project: UserProject | undefined;

  beforeEach(() => agent.start());
  afterEach(async () => {
    await agent.stop();
    project?.remove();
  });

  it.each(['main.ts', 'main-with-hooks.ts'])(
    'of %s registers, and leaves at SIGTERM',
    async (main) => {
      const port = await freePort();
      project = new UserProject({
        'package.json': '{ "type": "module" }',
        'proto/auth.proto': read('sample/01-grpc-service/proto/auth.proto'),
        'src/auth.controller.js': compiled('auth.controller.ts', port),
        'src/grpc.options.js': compiled('grpc.options.ts', port),
        'src/app.module.js': compiled('app.module.ts', port),
        'src/main.js': compiled(main, port),
      });
      const env = { ...process.env, SIDECAR_AGENT_BASE_URL: agent.url };
      const command = [...ARGUMENTS, join(project.folder, 'src/main.js')];
      const child = spawn(RUNTIME, command, { cwd: project.folder, env, stdio: 'ignore' });
      const ended = once(child, 'exit');
      try {
        const auth = await agent.waitFor(() => agent.services().find(({ state }) => state === 'Serving'), {
          timeout: 30_000,
        });
        expect(auth).toMatchObject({
          name: 'auth',
          port,
          methods: expect.arrayContaining([LOGIN]) as unknown,
        });
        child.kill('SIGTERM');
        expect(await ended).toEqual([0, null]);
      } finally {
        child.kill('SIGKILL');
        await ended;
      }
      const calls = agent.requests().map(({ path }) => path);
      expect(calls.slice(-2)).toEqual(['/drain', '/deregister']);
    },
    60_000,
  );
});
