import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Mesh } from './support/mesh.js';
import { Pm2 } from './support/pm2.js';
import { shownCommand, shownFile } from './support/shown-file.js';

jest.setTimeout(120_000);

const ECOSYSTEM = 'ecosystem.config.cjs';
const CLUSTER = 'cluster.config.cjs';
const COMMAND = shownCommand('pm2 start');

describe('pm2 stop', () => {
  let mesh: Mesh;
  let pm2: Pm2;

  beforeEach(async () => {
    mesh = await Mesh.create();
    await mesh.folder.compile();
    for (const file of [ECOSYSTEM, CLUSTER]) await mesh.folder.write(file, shownFile(file));
    pm2 = await Pm2.create();
  });

  afterEach(async () => {
    await pm2.close();
    await mesh.close();
  });

  async function startAndStop(...args: string[]): Promise<string> {
    const { SIDECAR_AGENT_BASE_URL } = mesh.env('production');
    await pm2.startIn(mesh.folder.path, { SIDECAR_AGENT_BASE_URL }, ...args);
    await mesh.isUp();
    await pm2.command('stop', 'auth');
    return pm2.logs();
  }

  it.each([
    { what: 'the ecosystem file of the docs', args: [ECOSYSTEM], how: 'SIGINT received' },
    { what: "the docs' file for the cluster mode", args: [CLUSTER], how: 'SIGINT received' },
    { what: 'the command of the docs', args: COMMAND, how: 'message "shutdown" received' },
  ])('with $what: the service leaves the mesh', async ({ args, how }) => {
    const logs = await startAndStop(...args);
    expect(mesh.held).toEqual([]);
    expect(logs).toContain('Left the mesh: auth');
    expect(logs).toContain(how);
    expect(logs).not.toContain('PM2 kills this process');
  });

  it('with its defaults it kills an idle service before it has left; the module warns of it', async () => {
    const logs = await startAndStop('dist/main.js', '--name', 'auth');
    expect(mesh.held.map(({ state }) => state)).toEqual(['Draining']);
    expect(logs).toContain('PM2 kills this process 1600 ms after it stops it');
  });
});
