import { describe, expect, it } from '@jest/globals';
import { Application, NODES } from './support/applications.js';
import { run } from './support/run.mjs';
import { SERVED_AUTH, serve } from './support/served.js';
import { entryPointsTest } from './support/user-tests.js';

/** As older projects have it: the compiler does not know the key `exports` of package.json. */
const TSCONFIG = `{
  "extends": "./tsconfig.json",
  "compilerOptions": {
    "module": "commonjs",
    "moduleResolution": "node10",
    "resolvePackageJsonExports": false,
    "incremental": false,
    "outDir": "./commonjs"
  },
  "include": ["src"]
}`;

/** An import that leads nowhere, or to no types, would be `any`, which is a number as well. */
const WRONG = `import { SidecarAgentModule } from 'nestjs-sidecar-agent';
import { SidecarAgentHealthIndicator } from 'nestjs-sidecar-agent/terminus';
import { sidecarAgentConfig } from 'nestjs-sidecar-agent/config';
import { EmbeddedAgent } from 'nestjs-sidecar-agent/testing';
export const numbers: number[] = [
  SidecarAgentModule,
  SidecarAgentHealthIndicator,
  sidecarAgentConfig,
  EmbeddedAgent,
];
`;

describe('a Nest 11 application whose tsconfig.json has module: commonjs', () => {
  const compile = ['npx', 'tsc', '--project', 'tsconfig.commonjs.json'] as const;

  it('compiles with every entry point, and serves', async () => {
    const application = Application.made(11).copy();
    application.write('tsconfig.commonjs.json', TSCONFIG);
    application.write('src/entry-points.spec.ts', entryPointsTest(application, 'jest'));
    await run(application.folder, ...compile);
    for (const { path } of NODES) {
      const served = await serve('auth', [path, application.path('commonjs/main.js')]);
      expect(served).toMatchObject(SERVED_AUTH);
    }
  });

  it('has the types of every entry point', async () => {
    const application = Application.made(11).copy();
    application.write('tsconfig.commonjs.json', TSCONFIG);
    application.write('src/wrong.ts', WRONG);
    const failed = await run(application.folder, ...compile).catch(String);
    const lines = [...String(failed).matchAll(/^src\/wrong\.ts\((\d+),\d+\): error TS2322/gm)];
    expect(lines.map(([, line]) => line)).toEqual(['6', '7', '8', '9']);
  });

  it('does not compile with node16, as docs/build-tools.md says', async () => {
    const application = Application.made(11).copy();
    const tsconfig = TSCONFIG.replace('"commonjs",', '"node16",').replace('node10', 'node16');
    application.write('tsconfig.commonjs.json', tsconfig);
    await expect(run(application.folder, ...compile)).rejects.toThrow(
      /^src\/app\.module\.ts\(\d+,\d+\): error TS1479/m,
    );
  });
});
