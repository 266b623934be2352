import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SidecarAgentOptions } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { GreeterProcess } from '../support/greeter-process.js';

const APP = { id: '10001', name: 'greeter-center', env: 'test', version: 'v1.3.4' };

describe.each(['node', 'flat'] as const)('after a SIGKILL, %s dialect', (dialect) => {
  let cwd: string;
  let file: string;
  let port: number;
  let agent: EmbeddedAgent;
  let greeter: GreeterProcess;

  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'sidecar-kill-'));
    file = join(cwd, 'run/registration.json');
    port = await freePort();
    agent = new EmbeddedAgent({ dialect });
    await agent.start();
  });

  afterEach(async () => {
    await greeter.kill();
    await agent.stop();
    await rm(cwd, { recursive: true });
  });

  const held = () => agent.services().filter(({ state }) => state !== 'Deregistered');

  async function start(sidecar: Partial<SidecarAgentOptions>, instances = 1): Promise<void> {
    const before = agent.requests().filter(({ path }) => path === '/register').length;
    greeter = new GreeterProcess({
      port,
      shape: 'microservice',
      sidecar: { baseUrl: agent.url, ...sidecar },
    });
    await greeter.printed('LISTENING');
    // One second after the start, the agent must hold no dead instance.
    const hasRegistered = () => agent.requests().filter(({ path }) => path === '/register').length > before;
    await agent.waitFor(() => hasRegistered() && held().filter(isServing).length === instances, {
      timeout: 1_000,
    });
    await greeter.printed('Registered greeter');
  }

  const isServing = ({ state }: { state: string }) => state === 'Serving';

  async function kept(): Promise<{ app: { instanceId: string }; process: { pid: number } }[]> {
    const { registrations } = JSON.parse(await readFile(file, 'utf8')) as {
      registrations: { app: { instanceId: string }; process: { pid: number } }[];
    };
    return registrations;
  }

  it('the next start continues the instance of the registration file', async () => {
    await start({ registrationFile: file });
    const [first] = await kept();
    await greeter.kill();
    expect(held()).toHaveLength(1);
    await start({ registrationFile: file });
    expect(held()).toHaveLength(1);
    const [second, ...others] = await kept();
    expect(others).toEqual([]);
    expect(second?.app).toEqual(first?.app);
    expect(second?.process).not.toEqual(first?.process);
    expect(greeter.output).toContain(`Continuing instance ${first?.app.instanceId} of process `);
    greeter.signal('SIGTERM');
    await greeter.exited;
    expect(held()).toEqual([]);
    expect(await readdir(join(cwd, 'run'))).toEqual([]);
  });

  it('the next start brings an instance back that was killed in its drain', async () => {
    await start({ registrationFile: file, gracePeriod: '20s', drainDelay: '20s', shutdownTimeout: '40s' });
    greeter.signal('SIGTERM');
    await agent.waitFor(() => held().some(({ state }) => state === 'Draining'));
    await greeter.kill();
    await start({ registrationFile: file });
    expect(held().map(({ state }) => state)).toEqual(['Serving']);
  });

  it('the next start deregisters the instance, even if it stops before its first register', async () => {
    await start({ registrationFile: file });
    await greeter.kill();
    agent.hang('/watch');
    const asked = (path: string) => agent.requests().filter((request) => request.path === path).length;
    const [watches, registers] = [asked('/watch'), asked('/register')];
    greeter = new GreeterProcess({
      port,
      shape: 'microservice',
      sidecar: { baseUrl: agent.url, registrationFile: file },
    });
    await agent.waitFor(() => asked('/watch') > watches);
    greeter.signal('SIGTERM');
    await greeter.exited;
    expect(asked('/register')).toBe(registers);
    expect(held()).toEqual([]);
    expect(await readdir(join(cwd, 'run'))).toEqual([]);
  });

  it('the next start continues an instance whose id the options fix', async () => {
    await start({ app: { ...APP, instanceId: 'greeter-1' } });
    await greeter.kill();
    await start({ app: { ...APP, instanceId: 'greeter-1' } });
    expect(held()).toHaveLength(1);
    if (dialect === 'node') expect(held()[0]?.instanceId).toBe('greeter-1');
  });

  it('without either, the node dialect keeps the dead instance', async () => {
    await start({});
    await greeter.kill();
    await start({}, dialect === 'node' ? 2 : 1);
  });

  it('a service of another environment has an id of its own, and the file keeps what it does not replace', async () => {
    await start({ registrationFile: file });
    const [first] = await kept();
    await greeter.kill();
    // In the flat dialect an instance is a name and a port.
    const left = dialect === 'node' ? [first] : [];
    await start({ registrationFile: file, app: { ...APP, env: 'other' } }, left.length + 1);
    const after = await kept();
    expect(after.slice(0, -1)).toEqual(left);
    expect(after.at(-1)?.app.instanceId).not.toBe(first?.app.instanceId);
  });

  it('the file can be read by its user only, and holds no secret and no header', async () => {
    await start({
      registrationFile: file,
      app: { ...APP, secret: 's3cr3t-of-the-app' },
      headers: { authorization: 'Bearer s3cr3t-t0ken' },
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).not.toContain('s3cr3t');
    expect(await readdir(join(cwd, 'run'))).toEqual(['registration.json']);
    expect(await kept()).toMatchObject([
      {
        agent: { baseUrl: agent.url },
        dialect,
        app: { id: '10001', env: 'test' },
        service: { name: 'greeter', namespace: 'default', port },
      },
    ]);
  });

  it('a file of another kind is moved out of the way, with a warning', async () => {
    file = join(cwd, 'package.json');
    await writeFile(file, '{"name":"greeter"}');
    await start({ registrationFile: file });
    expect(greeter.output).toMatch(
      /package\.json is not a registration file \(.+\): moved to .+package\.json\.bak/,
    );
    expect(await readFile(`${file}.bak`, 'utf8')).toBe('{"name":"greeter"}');
    expect(await kept()).toHaveLength(1);
  });

  it('a path that cannot be used is a warning, and the service is registered', async () => {
    await start({ registrationFile: cwd });
    const [warning, ...others] = greeter.output
      .split('\n')
      .filter((line) => line.includes('registrationFile'));
    expect(warning).toMatch(/Cannot use registrationFile .+: EISDIR/);
    expect(others).toEqual([]);
  });

  it('the file stays if the agent is away at the shutdown', async () => {
    await start({ registrationFile: file, gracePeriod: 0, shutdownTimeout: '1s', requestTimeout: 200 });
    const before = await kept();
    await agent.stop();
    greeter.signal('SIGTERM');
    await greeter.exited;
    expect(await kept()).toEqual(before);
  });
});
