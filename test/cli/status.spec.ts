import { createServer, type Server } from 'node:http';
import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { flatRegister, nodeRegister } from '../testing/support/bodies.js';
import { post } from '../testing/support/http.js';
import { closedPort, close, portOf } from '../testing/support/ports.js';
import { startCli } from './support/cli.process.js';

describe('nestjs-sidecar-agent status', () => {
  let cwd: string;
  let agent: EmbeddedAgent;
  let server: Server | undefined;

  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'sidecar-status-'));
    agent = new EmbeddedAgent({ socketPath: join(cwd, 'agent.sock') });
    await agent.start();
  });

  afterEach(async () => {
    await agent.stop();
    if (server) await close(server);
    server = undefined;
    await rm(cwd, { recursive: true });
  });

  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    startCli({ cwd, args: ['status', ...args], env }).ended;

  async function answering(status: number, body: string): Promise<string> {
    const other = createServer((_, response) => response.writeHead(status).end(body));
    server = other;
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${portOf(other)}`;
  }

  async function registerTwo(): Promise<void> {
    await post(`${agent.url}/register`, nodeRegister(1));
    await post(`${agent.url}/register`, flatRegister(10501, { name: 'billing', weight: 5 }));
    await post(`${agent.url}/register`, flatRegister(10502, { name: 'gone' }));
    await post(`${agent.url}/deregister`, { name: 'gone', port: 10502 });
  }

  const rowsOf = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/));

  it('prints a table of what the agent holds', async () => {
    await registerTwo();
    const { code, stdout, stderr } = await run(['--url', agent.url]);
    expect([code, stderr]).toEqual([0, '']);
    const billing = agent.services().find(({ name }) => name === 'billing');
    expect(rowsOf(stdout)).toEqual([
      ['NAME', 'PORT', 'STATE', 'VERSION', 'WEIGHT', 'METHODS', 'ROUTES', 'INSTANCE'],
      ['auth', '1', 'Registered', 'v1.3.4', '100', '2', '-', '0197f3a2-0000-7000-8000-000000000001'],
      ['billing', '10501', 'Serving', 'v1.3.4', '5', '1', '-', billing?.instanceId],
      ['1 deregistered instance is not shown'],
    ]);
    const [header, first] = stdout.split('\n');
    expect(first?.indexOf('Registered')).toBe(header?.indexOf('STATE'));
  });

  it('says that the agent holds nothing', async () => {
    const { code, stdout } = await run(['--url', agent.url]);
    expect([code, stdout]).toEqual([0, `the sidecar-agent at ${agent.url} holds no instance\n`]);
  });

  it('finds the agent by its socket, by variables and by the bootstrap file, as deregister does', async () => {
    await registerTwo();
    const socket = agent.socketPath ?? '';
    for (const [args, env] of [
      [['--socket', socket], {}],
      [[], { SIDECAR_AGENT_SOCKET_PATH: socket }],
      [[], { SIDECAR_AGENT_BASE_URL: agent.url }],
      // What the arguments name is another agent than that of the environment.
      [['--url', agent.url], { SIDECAR_AGENT_SOCKET_PATH: '/nowhere' }],
    ] as const) {
      expect((await run(args, env)).stdout).toContain('billing');
    }
    await mkdir(join(cwd, 'conf'));
    await writeFile(
      join(cwd, 'conf/bootstrap.json'),
      JSON.stringify({ sidecar_agent: { base_url: agent.url } }),
    );
    expect((await run([])).stdout).toContain('billing');
  });

  it('sends the headers of the environment, and prints none', async () => {
    const other = createServer((request, response) => {
      const isKnown = request.headers.authorization === 'Bearer t0ken';
      response.writeHead(isKnown ? 200 : 401).end('[]');
    });
    server = other;
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${portOf(other)}`;
    expect((await run(['--url', url], { SIDECAR_AGENT_HEADERS: 'authorization: Bearer t0ken' })).code).toBe(
      0,
    );
    const refused = await run(['--url', url], { SIDECAR_AGENT_HEADERS: 'authorization: Bearer wr0ng' });
    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr: `nestjs-sidecar-agent: the sidecar-agent at ${url} answered GET /debug/services with 401\n`,
    });
  });

  it('says that an agent has no /debug/services', async () => {
    const url = await answering(404, '404 page not found');
    expect(await run(['--url', url])).toEqual({
      code: 1,
      stdout: '',
      stderr:
        `nestjs-sidecar-agent: this agent has no /debug/services: the sidecar-agent at ${url} answered 404. ` +
        'If it is no agent, check --url (agents listen on port 15010 or 18600)\n',
    });
  });

  it.each(['welcome', '{"status":"ok"}'])('says that %s is not a list of services', async (body) => {
    const url = await answering(200, body);
    const { code, stderr } = await run(['--url', url]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `the sidecar-agent at ${url} answered GET /debug/services without a list of services. ` +
        'If it is no agent, check --url',
    );
  });

  it('says that what answers with another status may be no agent', async () => {
    const url = await answering(302, '');
    expect((await run(['--url', url])).stderr).toContain(
      'answered GET /debug/services with 302. If it is no agent, check --url',
    );
  });

  it('says what to do about an https address of an agent without TLS', async () => {
    const url = agent.url.replace('http:', 'https:');
    const { code, stderr } = await run(['--url', url]);
    expect(code).toBe(1);
    expect(stderr).toContain('; if the agent does not use TLS, give an http:// address with --url');
    expect(stderr).not.toContain('the option tls');
  });

  it('names what was set, and not the options of the module', async () => {
    const socket = join(cwd, 'none.sock');
    const { stderr } = await run([], { SIDECAR_AGENT_SOCKET_PATH: socket });
    expect(stderr).toContain('(ENOENT): is it running? check SIDECAR_AGENT_SOCKET_PATH\n');
    const url = `http://127.0.0.1:${await closedPort()}`;
    expect((await run([], { SIDECAR_AGENT_BASE_URL: url })).stderr).toContain(
      'check SIDECAR_AGENT_BASE_URL (agents listen on port 15010 or 18600)',
    );
  });

  it('counts the deregistered instances that do not run again', async () => {
    await registerTwo();
    const lose = async (name: string) => {
      agent.lose(name);
      if (name === 'billing') await post(`${agent.url}/deregister`, { name, port: 10501 });
    };
    for (let times = 0; times < 2; times += 1) {
      await lose('auth');
      await post(`${agent.url}/register`, nodeRegister(1));
      await lose('billing');
      await post(`${agent.url}/register`, flatRegister(10501, { name: 'billing', weight: 5 }));
    }
    expect((await run(['--url', agent.url])).stdout).toContain('\n1 deregistered instance is not shown\n');
  });

  it('says the address at which nothing is', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    expect(await run(['--url', url])).toEqual({
      code: 1,
      stdout: '',
      stderr:
        `nestjs-sidecar-agent: cannot reach the sidecar-agent at ${url} (ECONNREFUSED): is it running? ` +
        'check --url (agents listen on port 15010 or 18600)\n',
    });
    const socket = join(cwd, 'none.sock');
    const { code, stderr } = await run(['--socket', socket]);
    expect(code).toBe(1);
    expect(stderr).toContain(`the sidecar-agent at ${socket} (ENOENT): is it running? check --socket`);
  });

  it.each([
    [['--url', 'localhost'], /--url: must be an http or https URL/],
    [
      ['--url', 'http://user:secret@127.0.0.1:1'],
      /--url: must have no user info; send credentials with the variable SIDECAR_AGENT_HEADERS/,
    ],
    [['--port', '15010'], /unknown option --port. Options: --url, --socket, --help/],
    [
      ['http://127.0.0.1:1'],
      /unexpected argument http:\/\/127.0.0.1:1: give the address of the agent with --url/,
    ],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
