import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startCli } from '../cli/support/cli.process.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import type { GreeterSettings } from '../support/greeter-process.js';
import { makeToken, startWithAcl, writes } from './support/access.js';
import { ConsulAgent } from './support/consul-agent.js';
import { ADDRESS, endGreeters, idOf, newName, spawnGreeter, watchCatalog } from './support/greeters.js';

const GREETER = fileURLToPath(new URL('../support/greeter-main.mjs', import.meta.url));

describe('the commands at a real Consul, after a SIGKILL', () => {
  let consul: ConsulAgent;
  let cwd: string;

  beforeAll(async () => {
    consul = await startWithAcl();
  });
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'consul-kill-'));
  });
  afterEach(async () => {
    await endGreeters();
    await rm(cwd, { recursive: true, force: true });
  });
  afterAll(() => ConsulAgent.endAll());

  const isGone = ({ health }: { health: object }) => Object.keys(health).length === 0;

  /** What finds the agent and its token in the environment alone. */
  async function environmentFor(name: string) {
    const { SecretID } = await makeToken(consul, writes(name));
    return { CONSUL_HTTP_ADDR: new URL(consul.url).host, CONSUL_HTTP_TOKEN: SecretID };
  }

  it('`deregister --file` takes the instance out', async () => {
    const name = newName();
    const environment = await environmentFor(name);
    const registrationFile = join(cwd, 'registration.json');
    const sidecar = { service: { name }, baseUrl: undefined, registrationFile };
    const { process } = await spawnGreeter(consul, name, { sidecar, environment });
    const watch = watchCatalog(consul, name);
    await watch.untilPassing(1);
    await process.printed('Registered');
    await process.kill();
    const args = ['deregister', '--file', registrationFile];
    const { code, stdout } = await startCli({ cwd, args, env: environment }).ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`Deregistered ${name}`) });
    await watch.until(isGone);
  });

  it('`run` takes the instance of its child out', async () => {
    const name = newName();
    const environment = await environmentFor(name);
    const port = await freePort();
    const settings: GreeterSettings = {
      port,
      shape: 'microservice',
      managed: true,
      sidecar: { service: { name } },
      consul: { address: ADDRESS },
    };
    const env = { ...environment, GREETER: JSON.stringify(settings), TMPDIR: cwd };
    const cli = startCli({ cwd, args: ['run', '--', process.execPath, GREETER], env });
    try {
      const watch = watchCatalog(consul, name);
      await watch.until(({ health }) => health[idOf(name, port)] === 'passing');
      await eventually(() => cli.output().includes('Registered'));
      const [, pid] = /\[Nest\] (\d+)/.exec(cli.output()) ?? [];
      process.kill(Number(pid), 'SIGKILL');
      await watch.until(isGone, 3_000);
    } finally {
      cli.signal('SIGTERM');
      await cli.ended;
    }
    expect((await cli.ended).code).toBe(137);
  });
});
