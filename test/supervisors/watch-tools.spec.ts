import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { Mesh } from './support/mesh.js';
import { shownFile } from './support/shown-file.js';
import { Tool } from './support/tool.js';

jest.setTimeout(60_000);

/** The scripts of the docs. */
const { scripts } = JSON.parse(shownFile('package.json')) as { scripts: Record<string, string> };
const NODE = ['node', '--watch', 'dist/main.js'] as const;
const NODEMON = ['nodemon', '--watch', 'dist', 'dist/main.js'] as const;
const NODEMON_EXEC = ['nodemon', '--watch', 'dist', '--exec', 'node dist/main.js'] as const;
const TSX = ['tsx', 'watch', 'main.ts'] as const;

describe('a development loop', () => {
  let mesh: Mesh;
  let tool: Tool;

  beforeEach(async () => {
    mesh = await Mesh.create();
    await mesh.folder.compile();
  });

  afterEach(async () => {
    await tool.close();
    await mesh.close();
  });

  async function start([command, ...args]: readonly [string, ...string[]], env = {}): Promise<void> {
    tool = new Tool(command, args, mesh.folder.path, { ...mesh.env('production'), ...env });
    await isUp('v0');
  }

  async function save(version: string): Promise<void> {
    await mesh.folder.saveCompiled(version);
  }

  const isUp = (version: string) => mesh.isUp(version, () => tool.output);
  const held = () => mesh.held.map(({ state, version }) => `${version} ${state}`);

  describe('in development, without a grace period', () => {
    it.each([
      ...Object.entries(scripts).filter(([name]) => name !== 'start:nest'),
      ['nodemon --exec', `NODE_ENV=development nodemon --watch dist --exec 'node dist/main.js'`],
    ])('the service is up after each save, and gone after Ctrl-C: %s', async (_, script = '') => {
      await start(['sh', '-c', `${script.replace('src/', '')}; exit $?`]);
      for (const version of ['v1', 'v2', 'v3']) {
        await save(version);
        await isUp(version);
        expect(held()).toEqual([`${version} Serving`]);
      }
      tool.interrupt();
      await mesh.agent.waitFor(() => mesh.held.length === 0);
      expect(tool.output).not.toContain('EADDRINUSE');
    });
  });

  describe('with the defaults of the module', () => {
    it('node --watch waits for the leave, and for further saves', async () => {
      await start(NODE);
      await save('v1');
      await isLeaving();
      await save('v2');
      await isUp('v2');
      expect(held()).toEqual(['v2 Serving']);
    });

    it('nodemon waits for the leave', async () => {
      await start(NODEMON);
      await save('v1');
      await isUp('v1');
      expect(held()).toEqual(['v1 Serving']);
      expect(tool.output).toContain('SIGUSR2 received: leaving');
    });

    it('nodemon ends the leave with a further save: a dead instance stays', async () => {
      await start(NODEMON);
      await save('v1');
      await isLeaving();
      // A second signal within the first second is ignored.
      await delay(1_200);
      await save('v2');
      await isUp('v2');
      expect(held()).toEqual(['v0 Draining', 'v2 Serving']);
      expect(tool.output).toContain('SIGUSR2 received again: exiting at once');
    });

    it('nodemon --exec does not wait for the leave: the port is taken', async () => {
      await start(NODEMON_EXEC);
      await save('v1');
      await eventually(() => tool.output.includes('app crashed'), 10_000);
      expect(tool.output).toContain('leave at once in development');
      expect(held()).toEqual(['v0 Draining']);
    });

    it('tsx watch kills the service after 5 s, before it has left: a dead instance stays', async () => {
      await start(TSX);
      await save('v1');
      await isUp('v1');
      expect(held()).toEqual(['v0 Draining', 'v1 Serving']);
      expect(tool.output).toContain("Process didn't exit in 5s");
    });
  });

  async function isLeaving(): Promise<void> {
    await mesh.agent.waitFor(() => mesh.held.some(({ state }) => state === 'Draining'));
  }
});
