import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatRegistrations, type KeptRegistration } from '../../lib/registration-file/kept-registration.js';
import { thisProcess } from '../../lib/registration-file/kept-process.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { dialects } from '../../lib/agent/protocol/dialects.js';
import { NODE } from '../unit/fixtures/fixtures.js';
import { type CliEnd, startCli } from '../cli/support/cli.process.js';
import { OtherWorker } from '../cli/support/other-worker.js';

const NAME = NODE.service.name;
const PORT = NODE.serverPort;
const SERVICE = `${NAME} on port ${PORT}`;
const NODE_NAME = '. If it speaks the dialect node, give --app-id and --instance-id as well';

/** A process that has ended. */
async function deadProcess(): Promise<KeptRegistration['process']> {
  const child = spawn(process.execPath, ['-v'], { stdio: 'ignore' });
  await once(child, 'exit');
  return { pid: child.pid ?? 0, started: 'earlier' };
}

describe.each(['node', 'flat'] as const)('nestjs-sidecar-agent deregister, %s dialect', (dialect) => {
  let cwd: string;
  let agent: EmbeddedAgent;
  let other: OtherWorker;

  beforeEach(async () => {
    other = new OtherWorker();
    cwd = await mkdtemp(join(tmpdir(), 'sidecar-deregister-'));
    agent = new EmbeddedAgent({ dialect });
    await agent.start();
    const body = dialects[dialect].register(NODE);
    await fetch(`${agent.url}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(held()).toHaveLength(1);
  });

  afterEach(async () => {
    await other.stop();
    await agent.stop();
    await rm(cwd, { recursive: true });
  });

  const held = () => agent.services().filter(({ state }) => state !== 'Deregistered');
  const run = (args: readonly string[], env: Record<string, string> = {}): Promise<CliEnd> =>
    startCli({ cwd, args: ['deregister', ...args], env }).ended;
  const ids = ['--app-id', NODE.app.id, '--instance-id', NODE.app.instanceId];
  const instance = ['--name', NAME, '--port', String(PORT), ...(dialect === 'node' ? ids : [])];
  const done = { code: 0, stdout: `Deregistered ${SERVICE}\n`, stderr: '' };

  const kept = (process: KeptRegistration['process']): KeptRegistration => ({
    agent: { baseUrl: agent.url },
    dialect,
    app: { id: NODE.app.id, env: NODE.app.env, instanceId: NODE.app.instanceId },
    service: { name: NAME, namespace: NODE.service.namespace, port: PORT },
    process,
  });

  async function putFile(...registrations: KeptRegistration[]): Promise<string> {
    const file = join(cwd, 'registration.json');
    await writeFile(file, formatRegistrations(registrations));
    return file;
  }

  it('deregisters the instance that the arguments name', async () => {
    expect(await run([...instance, '--url', agent.url])).toEqual(done);
    expect(held()).toEqual([]);
  });

  it('finds the dialect out, if the arguments have all that either needs', async () => {
    expect(await run(['--name', NAME, '--port', String(PORT), ...ids, '--url', agent.url])).toEqual(done);
    expect(held()).toEqual([]);
  });

  it('needs no --app-id for the flat dialect, even if the environment has an instance id', async () => {
    const named = [...instance, '--dialect', dialect, '--url', agent.url];
    expect(await run(named, { APP_INSTANCE_ID: NODE.app.instanceId })).toEqual(done);
    expect(held()).toEqual([]);
  });

  it('takes an instance that the agent does not hold for deregistered', async () => {
    await agent.restart();
    expect(await run([...instance, '--url', agent.url])).toEqual({
      code: 0,
      stdout: `Nothing to deregister: the agent does not hold ${SERVICE}${dialect === 'flat' ? NODE_NAME : ''}\n`,
      stderr: '',
    });
    expect((await run([...instance, '--dialect', dialect, '--url', agent.url])).stdout).toBe(
      `Nothing to deregister: the agent does not hold ${SERVICE}\n`,
    );
  });

  it('leaves an instance alone that another process serves as well', async () => {
    await other.start({ agent: agent.url, service: NAME, port: PORT }, NODE.app.instanceId);
    for (const args of [
      [...instance, '--url', agent.url],
      ['--file', await putFile(kept(await deadProcess()))],
    ]) {
      expect(await run(args)).toEqual({
        code: 0,
        stdout: `Nothing to deregister: 1 process serves ${SERVICE}\n`,
        stderr: '',
      });
    }
    expect(held()).toHaveLength(1);
    expect(agent.requests().filter(({ path }) => path === '/deregister')).toEqual([]);
  });

  it('tells a process on the port to register again, if the deregister was that of its instance, too', async () => {
    await other.start({ agent: agent.url, service: NAME, port: PORT }, 'another');
    const { stdout } = await run(['--name', NAME, '--port', String(PORT), ...ids, '--url', agent.url]);
    const isTold = dialect === 'flat';
    expect(stdout).toBe(
      `Deregistered ${SERVICE}${isTold ? ', and told 1 process that serves it to register again' : ''}\n`,
    );
    expect(other.heard).toBe(isTold ? 'register\n' : '');
  });

  it('says that there is no agent, and exits with 1', async () => {
    await agent.stop();
    const { code, stdout, stderr } = await run([...instance, '--url', agent.url]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(
      `${SERVICE} is not deregistered: cannot reach the sidecar-agent at ${agent.url}`,
    );
    expect(stderr).toContain(
      'If the service registers straight at Consul, give --file, or use consul services deregister',
    );
  });

  it('reads what is missing from the variables of the module', async () => {
    const env = {
      SERVICE_NAME: NAME,
      SERVER_PORT: String(PORT),
      APP_ID: NODE.app.id,
      APP_INSTANCE_ID: NODE.app.instanceId,
      SIDECAR_AGENT_BASE_URL: agent.url,
    };
    expect(await run([], env)).toEqual(done);
    expect(held()).toEqual([]);
  });

  it('reads what is missing from the bootstrap file of the module', async () => {
    await mkdir(join(cwd, 'conf'));
    await writeFile(
      join(cwd, 'conf/bootstrap.json'),
      JSON.stringify({
        app: { id: NODE.app.id, instance_id: NODE.app.instanceId },
        service: { name: NAME },
        server_port: PORT,
        sidecar_agent: { base_url: agent.url, dialect },
      }),
    );
    expect(await run([])).toEqual(done);
    expect(held()).toEqual([]);
  });

  it('deregisters the instance of a registration file, and removes the file', async () => {
    const file = await putFile(kept(await deadProcess()));
    expect(await run(['--file', file])).toEqual(done);
    expect(held()).toEqual([]);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
    expect(await run(['--file', file])).toEqual({
      code: 0,
      stdout: `Nothing to deregister: ${file} has no registration\n`,
      stderr: '',
    });
  });

  it('finds that file by the variable of the module', async () => {
    const file = await putFile(kept(await deadProcess()));
    expect(await run([], { SIDECAR_AGENT_REGISTRATION_FILE: file })).toEqual(done);
    expect(held()).toEqual([]);
  });

  it('leaves an instance alone whose process runs', async () => {
    const file = await putFile(kept(thisProcess()));
    const content = await readFile(file, 'utf8');
    const { code, stderr } = await run(['--file', file]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${SERVICE} is not deregistered: process ${process.pid} is running`);
    expect(held()).toHaveLength(1);
    expect(await readFile(file, 'utf8')).toBe(content);
  });

  it('leaves an instance alone whose process may run in another container', async () => {
    const process = { ...(await deadProcess()), pidNamespace: 'pid:[1]', host: 'pod-1' };
    const { code, stderr } = await run(['--file', await putFile(kept(process))]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `${SERVICE} is not deregistered: process ${process.pid} of host pod-1 may be running in another container`,
    );
    expect(held()).toHaveLength(1);
  });

  it('leaves an instance alone that another process continues', async () => {
    const ended = kept(await deadProcess());
    const file = await putFile(ended, kept(thisProcess()));
    const { code, stderr } = await run(['--file', file]);
    expect(code).toBe(1);
    expect(stderr).toContain(`Nothing to deregister: process ${process.pid} continues ${SERVICE}`);
    expect(held()).toHaveLength(1);
    expect(await readFile(file, 'utf8')).toBe(formatRegistrations([kept(thisProcess())]));
  });

  it('keeps the file, if the agent does not answer', async () => {
    const file = await putFile(kept(await deadProcess()));
    const content = await readFile(file, 'utf8');
    await agent.stop();
    const end = await run(['--file', file]);
    expect(end).toMatchObject({ code: 1, stdout: '' });
    expect(end.stderr).not.toContain('straight at Consul');
    expect(await readFile(file, 'utf8')).toBe(content);
  });

  it('sends the headers of the environment, and never shows them', async () => {
    const env = { SIDECAR_AGENT_HEADERS: 'authorization: Bearer s3cr3t-t0ken\nx-tenant: acme' };
    agent.failNext('/deregister', { status: 500, body: '{"error":"bad Bearer s3cr3t-t0ken"}' });
    const { code, stdout, stderr } = await run([...instance, '--url', agent.url], env);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('[redacted]');
    expect(stdout + stderr).not.toContain('s3cr3t');
    const [request] = agent.requests().filter(({ path }) => path === '/deregister');
    expect(request?.headers).toMatchObject({ authorization: 'Bearer s3cr3t-t0ken', 'x-tenant': 'acme' });
  });
});

describe('nestjs-sidecar-agent deregister without ids', () => {
  let cwd: string;
  const stops: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'sidecar-deregister-'));
    stops.push(() => rm(cwd, { recursive: true }));
  });

  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
  });

  const run = (url: string, ...more: string[]): Promise<CliEnd> =>
    startCli({ cwd, args: ['deregister', '--name', NAME, '--port', String(PORT), '--url', url, ...more] })
      .ended;
  const notHeld = `Nothing to deregister: the agent does not hold ${SERVICE}`;

  /** An agent that holds the instance under its ids, and takes both dialects. */
  async function holdingNode(instanceId: string): Promise<EmbeddedAgent> {
    const agent = new EmbeddedAgent();
    await agent.start();
    stops.push(() => agent.stop());
    const app = { ...NODE.app, instanceId };
    const headers = { 'content-type': 'application/json' };
    const body = dialects.node.register({ ...NODE, app });
    await fetch(`${agent.url}/register`, { method: 'POST', headers, body });
    expect(agent.services()).toMatchObject([{ instanceId }]);
    return agent;
  }

  /** An agent that says of the instance that it is unknown, and answers the list like this. */
  async function listing(status: number, list: unknown): Promise<string> {
    const server = createServer((request, response) => {
      request.resume();
      if (request.method === 'GET') response.writeHead(status).end(JSON.stringify(list));
      else response.writeHead(400).end('{"error":"Unknown service ID"}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    stops.push(() => new Promise((resolve) => server.close(resolve)));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it.each([
    ['i-1', 'i-1'],
    ["it's $(touch x)", "'it'\\''s $(touch x)'"],
  ])('names the command for an instance that the agent knows by its ids: %s', async (id, quoted) => {
    const agent = await holdingNode(id);
    const command = `--app-id ${NODE.app.id} --instance-id ${quoted} --dialect node --url ${agent.url}`;
    const refused = {
      code: 1,
      stdout: '',
      stderr:
        `nestjs-sidecar-agent: ${SERVICE} is not deregistered: the agent knows it by its app id and ` +
        'instance id. If its process has ended, run\n' +
        `  npx nestjs-sidecar-agent deregister --name ${NAME} --port ${PORT} ${command}\n`,
    };
    expect(await run(agent.url)).toEqual(refused);
    expect(await run(agent.url, '--dialect', 'flat')).toEqual(refused);
    expect(agent.services()).toHaveLength(1);
    const ids = ['--app-id', NODE.app.id, '--instance-id', id, '--dialect', 'node'];
    expect(await run(agent.url, ...ids)).toMatchObject({ code: 0, stdout: `Deregistered ${SERVICE}\n` });
    expect(await run(agent.url)).toMatchObject({ code: 0, stdout: `${notHeld}${NODE_NAME}\n` });
  });

  const instance = { name: NAME, port: PORT, state: 'Serving', app_id: '1', instance_id: 'one' };
  it.each([
    ['has no list', 404, {}],
    ['answers no list', 200, {}],
    [
      'lists others',
      200,
      [
        { ...instance, port: PORT + 1 },
        { ...instance, name: 'another' },
      ],
    ],
    ['has deregistered it', 200, [{ ...instance, state: 'Deregistered' }]],
    ['knows it by its name', 200, [{ ...instance, dialect: 'flat' }]],
    [
      'knows it by its name, and checks it at a registry',
      200,
      [{ ...instance, lease_check_id: 'service:one' }],
    ],
  ])('has nothing to do if the agent %s', async (_, status, list) => {
    expect(await run(await listing(status, list))).toEqual({
      code: 0,
      stdout: `${notHeld}${NODE_NAME}\n`,
      stderr: '',
    });
  });
});

describe('the arguments of nestjs-sidecar-agent deregister', () => {
  let cwd: string;

  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'sidecar-deregister-'));
  });

  afterEach(() => rm(cwd, { recursive: true }));

  it.each([
    [[], '--name is required: give --name and --port, or --file'],
    [['--name', 'auth'], '--port is required: give --name and --port, or --file'],
    [['--name', 'auth', '--port', '0'], '--port: must be a whole number from 1 to 65535, got 0'],
    [['--name', 'auth', '--port', '1e3'], '--port: must be a whole number from 1 to 65535, got "1e3"'],
    [['--name', 'auth', '--port', '1', '--dialect', 'go'], '--dialect: must be "auto", "node" or "flat"'],
    [
      ['--name', 'auth', '--port', '1', '--dialect', 'node'],
      '--app-id is required: agents of the dialect node',
    ],
    [['--name', 'auth', '--port', '1', '--app-id', '1', '--dialect', 'node'], '--instance-id is required'],
    [['--name', 'auth', '--port', '1', '--instance-id', '1'], '--app-id is required'],
    [['--name', 'auth', '--port', '1', '--url', 'agent:1'], '--url: must be an http or https URL'],
    [['--name', ''], '--name must not be empty'],
    [['--file', 'a', '--name', 'auth'], '--file cannot be combined with --name'],
    [['auth'], 'unexpected argument auth: give the service with --name and --port'],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await startCli({ cwd, args: ['deregister', ...args] }).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('names where a value comes from that is not valid', async () => {
    await mkdir(join(cwd, 'conf'));
    await writeFile(
      join(cwd, 'conf/bootstrap.json'),
      '{"sidecar_agent":{"base_url":"agent:1"},"server_port":0.5}',
    );
    const env = { SERVICE_NAME: 'auth', SIDECAR_AGENT_DIALECT: 'go' };
    const { code, stderr } = await startCli({ cwd, args: ['deregister'], env }).ended;
    expect(code).toBe(2);
    expect(stderr).toContain('conf/bootstrap.json: sidecar_agent.base_url: must be an http or https URL');
    expect(stderr).toContain('conf/bootstrap.json: server_port: must be a whole number from 1 to 65535');
    expect(stderr).toContain('SIDECAR_AGENT_DIALECT: must be "auto", "node" or "flat", got "go"');
    const args = ['deregister', '--port', '1', '--url', 'http://127.0.0.1:1', '--dialect', 'flat'];
    const other = await startCli({ cwd, args, env }).ended;
    // Arguments override them, so the command comes to the call.
    expect(other.stderr).toContain('auth on port 1 is not deregistered: ');
  });

  it.each([
    ['s3cr3t-t0ken', 'line 1 must be "name: value"'],
    ['host: s3cr3t-t0ken', 'is set by the module: leave it out'],
    ['x y: s3cr3t-t0ken', 'must have names of letters, digits'],
  ])('refuses the headers %j without showing them', async (headers, message) => {
    const args = ['deregister', '--name', 'auth', '--port', '1'];
    const { code, stderr } = await startCli({ cwd, args, env: { SIDECAR_AGENT_HEADERS: headers } }).ended;
    expect(code).toBe(2);
    expect(stderr).toContain(`SIDECAR_AGENT_HEADERS: ${message}`);
    expect(stderr).not.toContain('s3cr3t');
  });

  it('refuses a file that is not a registration file, and leaves it as it is', async () => {
    await writeFile(join(cwd, 'package.json'), '{"name":"auth"}');
    const { code, stderr } = await startCli({ cwd, args: ['deregister', '--file', 'package.json'] }).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('package.json is not a registration file: schema: ');
    expect(await readFile(join(cwd, 'package.json'), 'utf8')).toBe('{"name":"auth"}');
  });
});
