import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { statusWhere } from '../support/status-where.js';
import { changeRules, deleteToken, makeToken, startWithAcl, writes } from './support/access.js';
import { ConsulAgent } from './support/consul-agent.js';
import { endGreeters, newName, spawnGreeter, startGreeter, watchCatalog } from './support/greeters.js';

describe('the rights at a real Consul', () => {
  let consul: ConsulAgent;

  beforeAll(async () => {
    consul = await startWithAcl();
  });
  afterEach(endGreeters);
  afterAll(() => ConsulAgent.endAll());

  const headers = (token: string) => ({ 'x-consul-token': token });

  it('to write the service is enough, and the token is in no log and no status', async () => {
    const name = newName();
    const { SecretID } = await makeToken(consul, writes(name));
    const watch = watchCatalog(consul, name);
    const { sidecar, logs, app } = await startGreeter(consul, {
      name,
      sidecar: { headers: headers(SecretID) },
    });
    await watch.untilPassing(1);
    await sidecar.drain();
    await sidecar.resume();
    await watch.untilPassing(1);
    await app.close();
    await watch.until(({ health }) => Object.keys(health).length === 0);
    expect(sidecar.shutdownErrors).toEqual([]);
    expect(sidecar.status()).toMatchObject({ lastErrorKind: null, disconnectCount: 0 });
    expect([...logs.lines, JSON.stringify(sidecar.status())].join('\n')).not.toContain(SecretID);
  });

  it('to write the service and its proxy are enough for Connect', async () => {
    const name = newName();
    const { SecretID } = await makeToken(consul, `${writes(name)} ${writes(`${name}-sidecar-proxy`)}`);
    const connect = { service: { Connect: { SidecarService: {} } } };
    await startGreeter(consul, { name, sidecar: { headers: headers(SecretID) }, consul: connect });
    await watchCatalog(consul, name).untilPassing(1);
    const proxies = watchCatalog(consul, `${name}-sidecar-proxy`);
    await proxies.until(() => proxies.entries.length === 1);
  });

  it('are missing: never registered, Consul is quoted, and registered once they are given', async () => {
    const name = newName();
    const token = await makeToken(consul, writes('another'));
    const { SecretID } = token;
    const { app, logs } = await startGreeter(consul, { name, sidecar: { headers: headers(SecretID) } });
    const status = await statusWhere(app, ({ lastError }) => lastError !== null);
    expect(status).toMatchObject({
      registered: false,
      lastError: expect.stringContaining('Permission denied'),
    });
    expect(await consul.api.instances(name)).toEqual([]);
    expect([...logs.lines, JSON.stringify(status)].join('\n')).not.toContain(SecretID);
    await changeRules(consul, token, writes(name));
    await watchCatalog(consul, name).untilPassing(1);
  });

  it('to leave are not missed if Consul has lost the instance', async () => {
    const name = newName();
    const { SecretID } = await makeToken(consul, writes(name));
    const { app, id, sidecar } = await startGreeter(consul, {
      name,
      sidecar: { headers: headers(SecretID) },
    });
    await sidecar.registered();
    await sidecar.drain();
    await consul.api.deregister(id);
    await app.close();
    expect(sidecar.shutdownErrors).toEqual([]);
  });

  it('are taken away with the token: noticed, and the process still leaves', async () => {
    const name = newName();
    const token = await makeToken(consul, writes(name));
    const { SecretID } = token;
    const sidecar = { service: { name }, headers: headers(SecretID) };
    const { process } = await spawnGreeter(consul, name, { sidecar, managed: false });
    const watch = watchCatalog(consul, name);
    await watch.untilPassing(1);
    await deleteToken(consul, token);
    await process.printed('403');
    expect(process.output).not.toContain(SecretID);
    const begin = performance.now();
    process.signal('SIGTERM');
    expect(await process.exited).toBe(0);
    expect(performance.now() - begin).toBeLessThan(6_000);
  });

  it('come from a token file, which may be renewed', async () => {
    const name = newName();
    const folder = await mkdtemp(join(tmpdir(), 'consul-token-'));
    const file = join(folder, 'token');
    try {
      const old = await makeToken(consul, writes(name));
      await writeFile(file, `${old.SecretID}\n`);
      const environment = { CONSUL_HTTP_ADDR: new URL(consul.url).host, CONSUL_HTTP_TOKEN_FILE: file };
      const sidecar = { service: { name }, baseUrl: undefined };
      const { process, id } = await spawnGreeter(consul, name, { sidecar, environment });
      await watchCatalog(consul, name).untilPassing(1);
      const renewed = await makeToken(consul, writes(name));
      await writeFile(file, renewed.SecretID);
      await deleteToken(consul, old);
      // It comes back with the new token alone.
      await consul.api.deregister(id);
      await eventually(async () => id in (await consul.api.services()));
      process.signal('SIGTERM');
      expect(await process.exited).toBe(0);
      expect(process.output).not.toContain(old.SecretID);
      expect(process.output).not.toContain(renewed.SecretID);
      expect(await consul.api.instances(name)).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
