import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent } from '../../lib/index.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { createGreeterApp } from '../support/greeter-app.js';
import { flatRegister } from '../testing/support/bodies.js';
import { get, post } from '../testing/support/http.js';
import { close, listenOn, portOf } from '../testing/support/ports.js';
import { MAIN, type RunningCli, startCli } from './support/cli.process.js';

/** The longest time for the command to start and to say something, in milliseconds. */
const PATIENCE = 15_000;

describe('nestjs-sidecar-agent agent', () => {
  let cwd: string;
  let running: RunningCli | undefined;

  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'sidecar-agent-'));
  });

  afterEach(async () => {
    running?.signal('SIGKILL');
    await running?.ended;
    running = undefined;
    await rm(cwd, { recursive: true });
  });

  const run = (...args: string[]) => startCli({ cwd, args: ['agent', ...args] });
  const says = (pattern: RegExp) =>
    eventually(() => pattern.exec(running?.output() ?? '') ?? undefined, PATIENCE);

  async function start(...args: string[]): Promise<string> {
    running = run('--port', '0', ...args);
    const [, url] = await says(/(http:\/\/127\.0\.0\.1:\d+)\/[ "]/);
    return url ?? '';
  }

  it('prints its page and what a service does, until SIGINT ends it with 0', async () => {
    const url = await start();
    const { app, port, listen } = await createGreeterApp('microservice', { baseUrl: url });
    await listen();
    await app.get(SidecarAgent).registered();
    await says(/serving/);
    await app.close();
    await says(/stream closed/);
    running?.signal('SIGINT');
    const { code, stdout, stderr } = (await running?.ended) ?? {};
    expect([code, stderr]).toEqual([0, '']);
    const name = `greeter on port ${port}`;
    const lines = (stdout ?? '').trimEnd().split('\n');
    expect(lines.every((line) => /^\d\d:\d\d:\d\d {2}\w/.test(line))).toBe(true);
    expect(lines.map((line) => line.slice(10).replace(/ {2,}/, ': '))).toEqual([
      `started: ${url} (dialect both)`,
      `page: ${url}/ shows what the agent holds`,
      'stream opened: 1 event stream is open',
      `registered: ${name} (dialect node, v1.3.4, weight 100, 3 methods)`,
      `serving: ${name}`,
      `draining: ${name}`,
      `deregistered: ${name}`,
      'stream closed: 0 event streams are open',
      'stopped: the agent has forgotten all instances',
    ]);
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('ends with 0 at %s, with a page open', async (signal) => {
    const url = await start();
    const page = await fetch(`${url}/page/events`);
    running?.signal(signal);
    expect(await running?.ended).toMatchObject({ code: 0, stderr: '' });
    await page.text().catch(() => undefined);
  });

  it('serves the page with its script, which needs nothing from elsewhere', async () => {
    const url = await start();
    expect((await get(`${url}/`)).text).toContain('/page/page.js');
    const { status, headers, text } = await get(`${url}/page/page.js`);
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/javascript/);
    expect(text).toMatch(/^\/\*! Contains preact\.\n\nThe MIT License/);
    expect(text).not.toMatch(/\bimport[ {(*'"]|\beval\(|new Function/);
  });

  it('prints each event as JSON with --json, and why a register is refused', async () => {
    const url = await start('--json', '--dialect', 'flat');
    await post(`${url}/register`, flatRegister(10500));
    await post(`${url}/register`, flatRegister(10501));
    await says(/refused/);
    running?.signal('SIGTERM');
    const { stdout } = (await running?.ended) ?? { stdout: '' };
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ event }) => event)).toEqual([
      'started',
      'page',
      'registered',
      'serving',
      'refused',
      'stopped',
    ]);
    expect(events[0]).toMatchObject({ text: url, at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) });
    expect(events[1]).toEqual({
      event: 'page',
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      text: `${url}/ shows what the agent holds`,
      url: `${url}/`,
    });
    expect(events[2]).toMatchObject({ service: 'auth', port: 10500, instanceId: expect.any(String) });
    expect(events[4]).toMatchObject({
      service: 'auth',
      port: 10501,
      refusal: {
        status: 400,
        reason: 'route document conflict',
        differences: [{ field: 'port', published: '10500', given: '10501' }],
      },
    });
  });

  it('lets the page fail it with --chaos alone', async () => {
    const url = await start();
    expect((await post(`${url}/page/chaos`, { action: 'drop-streams' })).status).toBe(404);
    running?.signal('SIGTERM');
    await running?.ended;
    const other = await start('--chaos');
    expect((await post(`${other}/page/chaos`, { action: 'drop-streams' })).status).toBe(200);
    expect(running?.output()).toContain('shows what the agent holds, and lets it fail');
  });

  it('listens on a Unix socket as well as on the port', async () => {
    const socket = join(cwd, 'agent.sock');
    const url = await start('--socket', socket);
    expect(running?.output()).toContain(`started        ${url} (dialect both, socket ${socket})`);
    const { app, listen } = await createGreeterApp('microservice', { socketPath: socket });
    await listen();
    await app.get(SidecarAgent).registered();
    await app.close();
    const second = await run('--port', '0', '--socket', socket).ended;
    expect(second).toMatchObject({
      code: 1,
      stderr: `nestjs-sidecar-agent: cannot listen on the socket ${socket}: another process listens there. Stop it, or choose another path.\n`,
    });
    running?.signal('SIGTERM');
    await running?.ended;
    expect(existsSync(socket)).toBe(false);
  });

  it('ends with 1 if it cannot start again', async () => {
    const folder = join(cwd, 'sockets');
    await mkdir(folder);
    const url = await start('--chaos', '--socket', join(folder, 'agent.sock'));
    await rm(folder, { recursive: true });
    await post(`${url}/page/chaos`, { action: 'restart' });
    const { code, stdout, stderr } = (await running?.ended) ?? {};
    expect([code, stderr]).toEqual([
      1,
      `nestjs-sidecar-agent: cannot listen on the socket ${join(folder, 'agent.sock')}: the directory ${folder} does not exist. Choose a path in a directory that exists, and in which you may create files.\n`,
    ]);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d {2}failed/m);
  });

  it('leaves out lines that nobody reads, and ends all the same', async () => {
    const child = spawn(process.execPath, [MAIN, 'agent', '--port', '0', '--json'], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const first = await new Promise<string>((resolve) => {
      child.stdout.once('data', (text: Buffer) => resolve(String(text)));
    });
    child.stdout.pause();
    const url = String((JSON.parse(first.split('\n', 1)[0] ?? '') as { text: string }).text);
    const name = 'x'.repeat(200);
    for (let port = 1; port <= 2_500; port += 1)
      await post(`${url}/register`, flatRegister(port, { weight: 0, name }));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    child.stdout.destroy();
  }, 30_000);

  it('says what to do if the port is taken', async () => {
    const server = await listenOn();
    const port = portOf(server);
    expect(await run('--port', String(port)).ended).toEqual({
      code: 1,
      stdout: '',
      stderr:
        `nestjs-sidecar-agent: cannot listen on port ${port}: the port is taken. Stop the process that listens there ` +
        `(another agent?), or choose another port, such as --port ${port + 1}\n`,
    });
    await close(server);
  });

  it('listens on the port that is given', async () => {
    const port = await freePort();
    running = run('--port', String(port));
    await says(new RegExp(`http://127\\.0\\.0\\.1:${port}/ shows`));
    expect((await get(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  });

  it.each([
    [['--port', '70000'], '--port must be 1 to 65535, or 0 for a free port, got 70000'],
    [['--port', '15010x'], '--port must be 1 to 65535, or 0 for a free port, got 15010x'],
    [['--dialect', 'auto'], '--dialect must be node, flat or both, got auto'],
    [['--socket', ''], '--socket must not be empty'],
    [['--socket', 'x'.repeat(104)], '--socket must be a path of 1 to 103 bytes, got '],
    [
      ['--verbose'],
      'unknown option --verbose. Options: --port, --socket, --dialect, --chaos, --json, --help',
    ],
    [['15010'], 'unexpected argument 15010: give the port with --port'],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await run(...args).ended;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`nestjs-sidecar-agent: ${message}`);
    expect(stderr).toContain('Try nestjs-sidecar-agent --help');
  });

  it('is in the help', async () => {
    expect((await run('--help').ended).stdout).toContain('--chaos');
  });
});
