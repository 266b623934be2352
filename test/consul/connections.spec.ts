import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CA, SERVICE } from '../faults/support/certificates.js';
import { freePort } from '../support/free-port.js';
import { statusWhere } from '../support/status-where.js';
import { ConsulAgent } from './support/consul-agent.js';
import { endGreeters, newName, spawnGreeter, startGreeter, watchCatalog } from './support/greeters.js';

const pem = (name: string) => fileURLToPath(new URL(`../faults/support/tls/${name}.pem`, import.meta.url));

describe('connections to a real Consul', () => {
  afterEach(endGreeters);
  afterAll(() => ConsulAgent.endAll());

  describe('over TLS with client certificates', () => {
    let consul: ConsulAgent;
    let baseUrl: string;
    let host: string;

    beforeAll(async () => {
      const https = await freePort();
      const files = { ca_file: pem('ca'), cert_file: pem('agent'), key_file: pem('agent.key') };
      consul = await ConsulAgent.start({
        config: { ...files, verify_incoming_https: true },
        ports: { https },
      });
      host = `${consul.address}:${https}`;
      baseUrl = `https://${host}`;
    });

    it('registers with one that the CA has signed', async () => {
      const tls = { ca: CA, ...SERVICE, servername: 'agent.test' };
      const { name, sidecar } = await startGreeter(consul, { sidecar: { baseUrl, tls } });
      await sidecar.registered();
      await watchCatalog(consul, name).untilPassing(1);
    });

    it('registers with what the environment of Consul names', async () => {
      const name = newName();
      const environment = {
        CONSUL_HTTP_ADDR: host,
        CONSUL_HTTP_SSL: 'true',
        CONSUL_CACERT: pem('ca'),
        CONSUL_CLIENT_CERT: pem('service'),
        CONSUL_CLIENT_KEY: pem('service.key'),
        CONSUL_TLS_SERVER_NAME: 'agent.test',
      };
      await spawnGreeter(consul, name, { sidecar: { service: { name }, baseUrl: undefined }, environment });
      await watchCatalog(consul, name).untilPassing(1);
    });

    it.each([
      ['no certificate', { ca: CA, servername: 'agent.test' }],
      ['no CA', { ...SERVICE, servername: 'agent.test' }],
      ['another name', { ca: CA, ...SERVICE, servername: 'elsewhere.test' }],
    ])('never registers with %s', async (_what, tls) => {
      const { app, name } = await startGreeter(consul, { sidecar: { baseUrl, tls } });
      const status = await statusWhere(app, ({ lastErrorKind }) => lastErrorKind !== null);
      expect(status).toMatchObject({ lastErrorKind: 'watch_tls', connected: false, registered: false });
      expect(await consul.api.instances(name)).toEqual([]);
    });
  });

  it('registers over a Unix socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'consul-socket-'));
    try {
      const socketPath = join(folder, 'http.sock');
      const consul = await ConsulAgent.start({ socket: socketPath });
      const { name, sidecar } = await startGreeter(consul, { sidecar: { socketPath, baseUrl: undefined } });
      await sidecar.registered();
      await watchCatalog(consul, name).untilPassing(1);
      const named = newName();
      const environment = { CONSUL_HTTP_ADDR: `unix://${socketPath}` };
      await spawnGreeter(consul, named, {
        sidecar: { service: { name: named }, baseUrl: undefined },
        environment,
      });
      await watchCatalog(consul, named).untilPassing(1);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('registers as soon as Consul has room for one more connection', async () => {
    const limit = 8;
    const consul = await ConsulAgent.start({ config: { limits: { http_max_conns_per_client: limit } } });
    const { hostname, port } = new URL(consul.url);
    const others = Array.from({ length: limit }, () => connect(Number(port), hostname).on('error', () => {}));
    await Promise.all(others.map((socket) => once(socket, 'connect')));
    const { app, sidecar, name } = await startGreeter(consul);
    await statusWhere(app, ({ lastErrorKind }) => lastErrorKind !== null);
    expect(sidecar.status().registered).toBe(false);
    for (const socket of others) socket.destroy();
    await sidecar.registered();
    await watchCatalog(consul, name).untilPassing(1);
  });
});
