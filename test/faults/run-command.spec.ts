import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { thisProcess } from '../../lib/registration-file/kept-process.js';
import { formatRegistrations, type KeptRegistration } from '../../lib/registration-file/kept-registration.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import type { GreeterSettings } from '../support/greeter-process.js';
import { type RunningCli, startCli } from '../cli/support/cli.process.js';
import { OtherWorker } from '../cli/support/other-worker.js';

const GREETER = fileURLToPath(new URL('../support/greeter-main.mjs', import.meta.url));

const printed = (cli: RunningCli, text: string) => eventually(() => cli.output().includes(text));

describe.each(['node', 'flat'] as const)('nestjs-sidecar-agent run, %s dialect', (dialect) => {
  let cwd: string;
  let agent: EmbeddedAgent;
  let file: string;
  let cli: RunningCli | undefined;

  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'sidecar-run-'));
    file = join(cwd, 'registration.json');
    agent = new EmbeddedAgent({ dialect });
    await agent.start();
  });

  afterEach(async () => {
    cli?.signal('SIGTERM');
    await cli?.ended;
    cli = undefined;
    await agent.stop();
    await rm(cwd, { recursive: true, force: true });
  });

  const held = () => agent.services().filter(({ state }) => state !== 'Deregistered');

  async function startGreeter(...options: string[]): Promise<RunningCli> {
    const settings: GreeterSettings = {
      port: await freePort(),
      shape: 'microservice',
      sidecar: { baseUrl: agent.url },
    };
    const args = ['run', ...options, '--', process.execPath, GREETER];
    cli = startCli({ cwd, args, env: { GREETER: JSON.stringify(settings), TMPDIR: cwd } });
    await agent.waitFor(() => held().some(({ state }) => state === 'Serving'), { timeout: 10_000 });
    // Only then the answer to the register is in the file.
    await printed(cli, 'Registered greeter');
    return cli;
  }

  it('deregisters a child within 200 ms of its SIGKILL, and exits with 137', async () => {
    const { ended } = await startGreeter('--file', file);
    const [left] = await keptIn(file);
    process.kill(left.process.pid, 'SIGKILL');
    await agent.waitFor(() => held().length === 0, { timeout: 200 });
    const { code, stderr } = await ended;
    expect(code).toBe(137);
    expect(stderr).toMatch(/ was killed by SIGKILL\. Deregistered greeter on port \d+\n$/);
    expect(await filesLeft(cwd)).toEqual([]);
  });

  it('leaves an instance alone that another process serves as well', async () => {
    const { ended } = await startGreeter('--file', file);
    const [left] = await keptIn(file);
    const other = new OtherWorker();
    await other.start({ agent: agent.url, service: 'greeter', port: left.service.port }, 'another', cwd);
    process.kill(left.process.pid, 'SIGKILL');
    const { stderr } = await ended;
    await other.stop();
    const isShared = dialect === 'flat';
    expect(stderr).toContain(
      isShared ? 'Nothing to deregister: 1 process serves greeter on port ' : 'Deregistered greeter on port ',
    );
    expect(held()).toHaveLength(isShared ? 1 : 0);
  });

  it('passes SIGTERM on, and leaves the goodbye to a child that says it', async () => {
    const { signal, ended } = await startGreeter();
    signal('SIGTERM');
    const { code, stderr } = await ended;
    // The greeter ends itself, with process.exit.
    expect(code).toBe(0);
    expect(stderr).not.toContain('nestjs-sidecar-agent:');
    expect(held()).toEqual([]);
    expect(agent.requests().map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/register', '/drain', '/deregister']),
    );
    // The file that nobody named is gone, with its directory.
    expect(await filesLeft(cwd)).toEqual([]);
  });

  it('waits for a service that ends after the command that has started it', async () => {
    const settings: GreeterSettings = {
      port: await freePort(),
      shape: 'microservice',
      sidecar: { baseUrl: agent.url },
    };
    const script = `echo "shell $$"; '${process.execPath}' '${GREETER}' & wait`;
    const args = ['run', '--file', file, '--', 'sh', '-c', script];
    cli = startCli({ cwd, args, env: { GREETER: JSON.stringify(settings), TMPDIR: cwd } });
    await printed(cli, 'Registered greeter');
    const [, shell] = /^shell (\d+)$/m.exec(cli.output()) ?? [];
    const [left] = await keptIn(file);
    expect(left.process.pid).not.toBe(Number(shell));
    process.kill(Number(shell), 'SIGKILL');
    await sleep(500);
    expect(held()).toHaveLength(1);
    process.kill(left.process.pid, 'SIGKILL');
    await agent.waitFor(() => held().length === 0);
    const { code, stderr } = await cli.ended;
    expect(code).toBe(137);
    expect(stderr).toMatch(/sh was killed by SIGKILL\. Deregistered greeter on port \d+\n$/);
  });

  it('names a service that goes on without the command that has started it', async () => {
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    const { pid = 0 } = other;
    const started = await startOf(pid);
    const text = formatRegistrations([
      {
        agent: { baseUrl: agent.url },
        dialect,
        app: { id: '1', env: 'test', instanceId: '1' },
        service: { name: 'greeter', namespace: 'default', port: 1 },
        process: { ...thisProcess(), pid, started },
      },
    ]);
    await writeFile(file, text);
    const began = performance.now();
    const { code, stderr } = await startCli({ cwd, args: ['run', '--file', file, '--', 'true'] }).ended;
    other.kill('SIGKILL');
    expect(code).toBe(0);
    expect(stderr).toContain(
      `greeter on port 1 is not deregistered: process ${pid} is running. Stop it first`,
    );
    expect(performance.now() - began).toBeGreaterThan(5_000);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('keeps the file and says what to do, if the agent is away', async () => {
    const { ended } = await startGreeter('--file', file);
    const content = await readFile(file, 'utf8');
    const [left] = await keptIn(file);
    await agent.stop();
    process.kill(left.process.pid, 'SIGKILL');
    const { code, stderr } = await ended;
    expect(code).toBe(137);
    expect(stderr).toContain('is not deregistered: cannot reach the sidecar-agent at');
    expect(stderr).toContain(`to try again: nestjs-sidecar-agent deregister --file ${file}\n`);
    expect(await readFile(file, 'utf8')).toBe(content);
  });
});

/** Returns the start of a process as a registration file has it. */
async function startOf(pid: number): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  return `${boot.slice(0, 8)}-${stat.split(') ').at(-1)?.split(' ')[19]}`;
}

/** Returns what a file has of a service. */
async function keptIn(file: string): Promise<[KeptRegistration]> {
  return (JSON.parse(await readFile(file, 'utf8')) as { registrations: [KeptRegistration] }).registrations;
}

/** What is left in a directory, but for what processes share that serve one port. */
async function filesLeft(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => !name.startsWith('sidecar-workers-'));
}

describe('nestjs-sidecar-agent run', () => {
  let cwd: string;

  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'sidecar-run-'));
  });

  afterEach(() => rm(cwd, { recursive: true }));

  const run = (...args: string[]) => startCli({ cwd, args: ['run', ...args], env: { TMPDIR: cwd } }).ended;
  const node = (script: string) => run('--', process.execPath, '-e', script);

  it('exits with the code of the child, which writes to the same streams', async () => {
    const end = await node('console.log("out"); console.error("err"); process.exit(7)');
    expect(end).toEqual({ code: 7, stdout: 'out\n', stderr: 'err\n' });
    expect(await filesLeft(cwd)).toEqual([]);
  });

  it.each([
    ['SIGKILL', 137],
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('exits with 128 and the number of %s', async (signal, code) => {
    expect(await node(`process.kill(process.pid, '${signal}')`)).toMatchObject({ code, stderr: '' });
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const)('passes %s on', async (signal) => {
    const script = `process.on('${signal}', () => process.exit(9)); console.log('ready'); setInterval(() => {}, 1e3)`;
    const cli = startCli({ cwd, args: ['run', '--', process.execPath, '-e', script], env: { TMPDIR: cwd } });
    await printed(cli, 'ready');
    cli.signal(signal);
    expect(await cli.ended).toMatchObject({ code: 9 });
  });

  it('passes the arguments of the command through', async () => {
    const end = await run('--', process.execPath, '-p', 'process.argv.slice(1).join()', '--', '--file', 'x');
    expect(end.stdout).toBe('--file,x\n');
  });

  it('names the file to the child', async () => {
    const print = ['-p', 'process.env.SIDECAR_AGENT_REGISTRATION_FILE'];
    const { stdout } = await run('--file', 'here.json', '--', process.execPath, ...print);
    expect(stdout).toBe(`${join(cwd, 'here.json')}\n`);
  });

  it('exits with 127 if there is no such command', async () => {
    const end = await run('--', 'no-such-command');
    expect(end.code).toBe(127);
    expect(end.stderr).toContain('cannot run no-such-command: ');
    expect(await filesLeft(cwd)).toEqual([]);
  });

  it.each([
    [[]],
    [['--']],
    [['node', 'main.js']],
    [['--fil', 'x', '--', 'node']],
    [['--file=', '--', 'node']],
  ])('refuses the arguments %j', async (args) =>
    expect(await run(...args)).toMatchObject({ code: 2, stdout: '' }),
  );

  it('reports a file that is not a registration file, and still exits with the code of the child', async () => {
    const end = await run(
      '--file',
      'bad.json',
      '--',
      process.execPath,
      '-e',
      'fs.writeFileSync("bad.json", "{")',
    );
    expect(end.code).toBe(0);
    expect(end.stderr).toMatch(/bad\.json is not a registration file: not valid JSON/);
    expect(await readFile(join(cwd, 'bad.json'), 'utf8')).toBe('{');
  });
});
