import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Mesh } from './support/mesh.js';
import { Tool } from './support/tool.js';

jest.setTimeout(180_000);

const NEST = createRequire(import.meta.url).resolve('@nestjs/cli/bin/nest.js');

describe('nest start --watch', () => {
  let mesh: Mesh;
  let nest: Tool | undefined;

  beforeEach(async () => {
    mesh = await Mesh.create();
  });

  afterEach(async () => {
    await nest?.close();
    await mesh.close();
  });

  it.each([
    { saves: 10, how: 'in development, without a grace period', args: [], mode: 'development' },
    { saves: 3, how: 'without a shell, as in production', args: ['--no-shell'], mode: 'production' },
  ] as const)(
    'the service is up after each of $saves saves in a row: $how',
    async ({ saves, args, mode }) => {
      const tool = new Tool(
        process.execPath,
        [NEST, 'start', '--watch', ...args],
        mesh.folder.path,
        mesh.env(mode),
      );
      nest = tool;
      const output = () => tool.output;
      await mesh.isUp('v0', output);
      for (let save = 1; save <= saves; save += 1) {
        await mesh.folder.save(`v${save}`);
        await mesh.isUp(`v${save}`, output);
      }
      expect(tool.output).not.toContain('EADDRINUSE');
    },
  );
});
