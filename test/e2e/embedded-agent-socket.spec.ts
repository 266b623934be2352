import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { freePort } from '../support/free-port.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { get } from '../testing/support/http.js';
import { StartedAgents } from '../testing/support/started-agents.js';

describe('EmbeddedAgent on a Unix socket', () => {
  const agents = new StartedAgents();
  let folder: string;
  let socketPath: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'agent-socket-'));
    socketPath = join(folder, 'agent.sock');
  });

  afterEach(async () => {
    await agents.stop();
    await rm(folder, { recursive: true });
  });

  const healthOver = (path: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const outgoing = request({ socketPath: path, path: '/healthz', agent: false });
      outgoing.once('error', reject);
      outgoing.once('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      outgoing.end();
    });

  it('answers on the socket as well as on the port, until it stops', async () => {
    const agent = await agents.start({ socketPath });
    expect(agent.socketPath).toBe(socketPath);
    expect(await healthOver(socketPath)).toBe(200);
    expect((await get(`${agent.url}/healthz`)).status).toBe(200);
    await agent.restart();
    expect(await healthOver(socketPath)).toBe(200);
    await agent.stop();
    expect(existsSync(socketPath)).toBe(false);
    await expect(healthOver(socketPath)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('lets only its own user connect', async () => {
    await agents.start({ socketPath });
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
  });

  it('replaces the socket of a process that was killed', async () => {
    const script = `require('node:net').createServer().listen(${JSON.stringify(socketPath)}, () => console.log('up'))`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(socketPath)).toBe(true);
    await agents.start({ socketPath });
    expect(await healthOver(socketPath)).toBe(200);
  });

  it('rejects if another process listens there, and gives its own port back', async () => {
    await agents.start({ socketPath });
    const port = await freePort();
    const second = agents.create({ port, socketPath });
    await expect(second.start()).rejects.toMatchObject({
      kind: 'socket_in_use',
      message: `Cannot listen on the socket ${socketPath}: another process listens there. Stop it, or choose another path.`,
      data: { socketPath, code: 'EADDRINUSE' },
    });
    expect(await healthOver(socketPath)).toBe(200);
    await agents.start({ port });
  });

  it('never replaces a file that is not a socket', async () => {
    await writeFile(socketPath, 'mine');
    await expect(agents.create({ socketPath }).start()).rejects.toMatchObject({
      kind: 'listen_failed',
      message: expect.stringContaining('the file exists and is not a socket'),
    });
    expect(statSync(socketPath).size).toBe(4);
  });

  it('says what to do about a folder that is not there', async () => {
    const missing = join(folder, 'missing', 'agent.sock');
    await expect(agents.create({ socketPath: missing }).start()).rejects.toMatchObject({
      kind: 'listen_failed',
      message: expect.stringContaining('Choose a path in a directory that exists'),
    });
  });

  it.each(['', 'x'.repeat(104), 5])('refuses the path %j', (path) => {
    expect(() => new EmbeddedAgent({ socketPath: path as string })).toThrow(
      'socketPath: must be a path of 1 to 103 bytes',
    );
  });
});
