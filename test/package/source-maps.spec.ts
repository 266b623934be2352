import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { install, manifest } from './support/install.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const { name } = manifest as { name: string };

/** Code of a user that throws, and the line of the sources that the stack must name. */
const THROWS = [
  {
    what: 'an entry point',
    code: `import { grpcClientOptions } from '${name}'; grpcClientOptions('', {});`,
    source: 'lib/service/grpc-client-options.ts',
    line: "throw new InvalidOptionsError(faults, 'grpcClientOptions')",
  },
  {
    what: 'a part that entry points share',
    code: `import { SidecarAgentModule } from '${name}'; SidecarAgentModule.forRoot({ providers: 1 });`,
    source: 'lib/sidecar-agent.module-definition.ts',
    line: "throw new InvalidOptionsError([{ path: 'providers'",
  },
];

describe('the source maps of the packed package', () => {
  let project: string;
  let installed: string;

  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), 'source-maps-'));
    ({ installed } = install(project));
  });

  afterAll(() => rmSync(project, { recursive: true }));

  /** Runs code of a user, which prints the stack of what it throws. */
  function stackOf(code: string): string {
    const script = code.replace(/; (.*)$/, '; try { $1 } catch (error) { console.log(error.stack); }');
    const args = ['--enable-source-maps', '--input-type=module', '-e', script];
    return execFileSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
  }

  it.each(THROWS)('lead from $what to the file and the line of its source', ({ code, source, line }) => {
    const lines = readFileSync(join(ROOT, source), 'utf8').split('\n');
    const number = lines.findIndex((text) => text.includes(line)) + 1;
    expect(number).toBeGreaterThan(0);
    expect(stackOf(code)).toContain(`${join(installed, source)}:${number}:`);
  });

  it('hold the sources, for debuggers', () => {
    const map = JSON.parse(readFileSync(join(installed, 'dist/index.js.map'), 'utf8')) as {
      sources: string[];
      sourcesContent: string[];
    };
    const index = map.sources.findIndex((path) => path.endsWith('grpc-client-options.ts'));
    expect(map.sourcesContent[index]).toBe(
      readFileSync(join(ROOT, 'lib/service/grpc-client-options.ts'), 'utf8'),
    );
  });
});
