import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatRegistrations, type KeptRegistration } from '../../lib/registration-file/kept-registration.js';
import { FakeConsul } from '../support/fake-consul.js';
import { NODE } from '../unit/fixtures/fixtures.js';
import { type CliEnd, startCli } from './support/cli.process.js';
import { OtherWorker } from './support/other-worker.js';

const ID = 'auth-10.0.0.5-10500';
const SERVICE = 'auth on port 10500';

describe('nestjs-sidecar-agent deregister --file, of an instance at Consul', () => {
  let cwd: string;
  let consul: FakeConsul;

  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'sidecar-consul-'));
    consul = await new FakeConsul().listen();
    consul.services.set(ID, { ID } as never);
    await writeFile(join(cwd, 'registration.json'), formatRegistrations([await kept()]));
  });

  afterEach(async () => {
    await consul.close();
    await rm(cwd, { recursive: true });
  });

  const run = (env: Record<string, string> = {}): Promise<CliEnd> =>
    startCli({ cwd, args: ['deregister', '--file', 'registration.json'], env }).ended;

  /** What a process has kept that has ended. */
  async function kept(): Promise<KeptRegistration> {
    const child = spawn(process.execPath, ['-v'], { stdio: 'ignore' });
    await once(child, 'exit');
    return {
      agent: { baseUrl: consul.url },
      consulId: ID,
      app: { id: NODE.app.id, env: NODE.app.env, instanceId: NODE.app.instanceId },
      service: { name: 'auth', namespace: 'default', port: 10500 },
      process: { pid: child.pid ?? 0, started: 'earlier' },
    };
  }

  it('deregisters it by its id, with the token of the environment', async () => {
    const end = await run({ CONSUL_HTTP_TOKEN: 'the-token' });
    expect(end).toEqual({ code: 0, stdout: `Deregistered ${SERVICE}\n`, stderr: '' });
    expect(consul.calls).toMatchObject([
      { what: `PUT /v1/agent/service/deregister/${ID}`, headers: { 'x-consul-token': 'the-token' } },
    ]);
    expect(consul.services.size).toBe(0);
    expect(await readdir(cwd)).toEqual([]);
  });

  it('takes one that Consul does not hold for deregistered', async () => {
    consul.services.clear();
    const stdout = `Nothing to deregister: the agent does not hold ${SERVICE}\n`;
    expect(await run()).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('leaves one alone that another process on the port serves', async () => {
    const other = new OtherWorker();
    await other.start({ agent: consul.url, service: 'auth', port: 10500 }, 'another');
    const { stdout } = await run();
    await other.stop();
    expect(stdout).toBe(`Nothing to deregister: 1 process serves ${SERVICE}\n`);
    expect(consul.calls).toEqual([]);
  });

  it.each<[string, Record<string, string>, number, string | RegExp]>([
    [
      'Consul refuses',
      {},
      1,
      `${SERVICE} is not deregistered: PUT /v1/agent/service/deregister/${ID} answered 403: Permission denied`,
    ],
    [
      'a variable is wrong',
      { CONSUL_HTTP_TOKEN: 'token\u2026' },
      1,
      'CONSUL_HTTP_TOKEN: must be Latin-1 text',
    ],
  ])('says that %s', async (_what, env, code, words) => {
    consul.scripts.set('deregister', [403, 'Permission denied']);
    const end = await run(env);
    expect(end.code).toBe(code);
    expect(end.stderr).toContain(words);
    expect(await readdir(cwd)).toEqual(['registration.json']);
  });

  it('names Consul if nothing listens', async () => {
    await consul.close();
    expect((await run()).stderr).toContain(`cannot reach the Consul agent at ${consul.url} (ECONNREFUSED)`);
  });
});
