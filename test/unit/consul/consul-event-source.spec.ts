import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WatchError } from '../../../lib/errors/watch.error.js';
import { AGENT, CA, SERVICE } from '../../faults/support/certificates.js';
import { type ConsulAnswer, FakeConsul } from '../../support/fake-consul.js';
import { eventually } from '../../support/eventually.js';
import { NODE } from '../fixtures/fixtures.js';
import { ConsulRun } from './support/consul-parts.js';

const ID = 'auth-10500';
const WHO = { appId: '10001', appInstanceId: 'one', serviceName: 'auth', servicePort: 10500 };
const READY = { service: 'consul', ready: true, status: 'ready' };
const LOSS = 'Consul had lost the registration';
const LOST = { type: 'connected', message: LOSS, loss: LOSS };

describe('ConsulEventSource', () => {
  let consul: FakeConsul;
  let run: ConsulRun;

  beforeEach(async () => {
    consul = await new FakeConsul().listen();
    run = new ConsulRun({ baseUrl: consul.url, requestTimeout: 300 });
  });

  afterEach(async () => {
    await run.close();
    await consul.close();
  });

  /** Waits until so many events have come. */
  const events = (count: number) => run.seen(count);
  const connects = () => run.types.filter((type) => type === 'connected').length;

  /** Starts to watch, registers, and waits for the long poll. */
  async function registered(): Promise<void> {
    run.watch();
    await events(1);
    await run.client.register(NODE);
    await consul.until(() => consul.polls > 0);
  }

  it('says connected first, and asks for nothing but the leader', async () => {
    run.watch();
    await events(1);
    expect(run.events).toEqual([{ type: 'connected', id: '', message: '', agent: READY }]);
    expect(consul.calls.map(({ what }) => what)).toEqual(['GET /v1/status/leader']);
  });

  it('sends a heartbeat for each wait without a registration', async () => {
    run.watch();
    await events(3);
    expect(run.types).toEqual(['connected', 'heartbeat', 'heartbeat']);
    expect(new Set(consul.calls.map(({ what }) => what))).toEqual(new Set(['GET /v1/status/leader']));
  });

  it('polls for another content than the last, and passes the TTL after each poll', async () => {
    await registered();
    const before = consul.calls.length;
    await events(run.events.length + 2);
    const polls = consul.to(`GET /v1/agent/service/${ID}`);
    expect(polls[0]?.query).toEqual({ hash: '', wait: '100ms' });
    expect(polls[1]?.query.hash).toMatch(/^[\da-f]{16}$/);
    expect(polls.at(-1)?.query).toEqual(polls[1]?.query);
    expect(consul.calls.slice(before, before + 3).map(({ what }) => what)).toEqual([
      'PUT /v1/agent/check/pass/service:auth-10500:ttl',
      'GET /v1/status/leader',
      `GET /v1/agent/service/${ID}`,
    ]);
    expect(connects()).toBe(1);
  });

  it('asks for one register if another client has deregistered the instance', async () => {
    await registered();
    consul.lose(ID);
    await eventually(() => connects() === 2);
    expect(run.events.at(-1)).toMatchObject(LOST);
    await events(run.events.length + 2);
    expect(connects()).toBe(2);
    await run.client.register(NODE);
    await consul.until(() => consul.polls > 0);
    expect(connects()).toBe(2);
  });

  it('asks for one if the check is gone', async () => {
    await registered();
    consul.scripts.set('check/pass', [500, `CheckID "service:${ID}:ttl" does not have associated TTL`]);
    await eventually(() => connects() === 2);
    expect(run.events.at(-1)).toMatchObject(LOST);
  });

  it('asks for none after its own deregister', async () => {
    await registered();
    await run.client.deregister(WHO);
    await events(run.events.length + 3);
    expect(connects()).toBe(1);
    expect(consul.polls).toBe(0);
  });

  it('asks for none if the instance was lost after its own drain', async () => {
    await registered();
    await run.client.drain({ ...WHO, gracePeriod: 1_000 });
    const passes = consul.to('check/pass').length;
    await consul.until(() => consul.to('check/pass').length > passes + 1);
    consul.lose(ID);
    await events(run.events.length + 3);
    expect(connects()).toBe(1);
  });

  it('takes a second register for no loss, with other content as well', async () => {
    await registered();
    const before = consul.to(`GET /v1/agent/service/${ID}`).at(-1)?.query.hash;
    await run.client.register(NODE);
    await run.client.register({ ...NODE, service: { ...NODE.service, weight: 7 } });
    await consul.until(() => consul.to(`GET /v1/agent/service/${ID}`).at(-1)?.query.hash !== before);
    await events(run.events.length + 2);
    expect(connects()).toBe(1);
    expect(consul.to(`GET /v1/agent/service/${ID}`).filter(({ query }) => query.hash === '')).toHaveLength(1);
  });

  it('adopts the content of another client, at a bounded rate', async () => {
    await registered();
    const polls = () => consul.to(`GET /v1/agent/service/${ID}`).length;
    const before = polls();
    const end = performance.now() + 500;
    for (let tag = 0; performance.now() < end; tag += 1) {
      consul.change(ID, { Tags: [String(tag)] });
      await setTimeout(1);
    }
    expect(polls() - before).toBeLessThanOrEqual(8);
    expect(connects()).toBe(1);
    expect(consul.to('service/register')).toHaveLength(1);
  });

  it('does not poll what it held on an earlier connection', async () => {
    await registered();
    await run.close();
    const polls = consul.to(`GET /v1/agent/service/${ID}`).length;
    const next = new ConsulRun({ baseUrl: consul.url });
    next.held.hold(ID);
    next.watch();
    await next.seen(2);
    expect(consul.to(`GET /v1/agent/service/${ID}`)).toHaveLength(polls);
    await next.close();
  });

  it.each<[string, ConsulAnswer, boolean, string]>([
    ['no leader', [200, '""'], false, 'no leader'],
    ['an error of its own', [500, 'No known Consul servers'], false, 'No known Consul servers'],
  ])('tells of %s, and stays connected', async (_what, answer, ready, status) => {
    consul.leader = answer;
    run.watch();
    await events(2);
    expect(run.events).toMatchObject([
      { type: 'connected', agent: { ready, status } },
      { type: 'heartbeat', agent: { ready, status } },
    ]);
    consul.leader = [200, '"10.0.0.1:8300"'];
    await eventually(() => run.events.at(-1)?.agent?.ready === true);
  });

  it('goes on to pass the TTL if the agent waits for its servers', async () => {
    await registered();
    consul.leader = 'silence';
    await eventually(() => run.events.at(-1)?.agent?.ready === false);
    expect(run.events.at(-1)).toMatchObject({
      type: 'heartbeat',
      agent: { ready: false, status: 'no answer' },
    });
    const passes = consul.to('check/pass').length;
    await consul.until(() => consul.to('check/pass').length > passes + 1);
    consul.leader = [200, '"10.0.0.1:8300"'];
    await eventually(() => run.events.at(-1)?.agent?.ready === true);
    expect(connects()).toBe(1);
  });

  it('asks for a register at once if the servers do not answer', async () => {
    const slow = new ConsulRun({ baseUrl: consul.url, requestTimeout: 5_000 }, {}, {}, undefined, 15_000);
    slow.watch();
    await slow.seen(1);
    await slow.client.register(NODE);
    consul.leader = 'silence';
    await consul.until(() => consul.polls > 0);
    consul.lose(ID);
    const lostAt = performance.now();
    await eventually(() => slow.types.filter((type) => type === 'connected').length === 2);
    expect(performance.now() - lostAt).toBeLessThan(1_000);
    expect(slow.events.at(-1)).toMatchObject({ ...LOST, agent: READY });
    await slow.close();
  });

  it('connects without servers if the agent itself answers, with a refusal as well', async () => {
    consul.leader = 'silence';
    for (const refusal of [404, 403]) {
      consul.scripts.set('GET /v1/agent/service/nestjs-sidecar-agent', [refusal, 'no']);
      const next = new ConsulRun({ baseUrl: consul.url, requestTimeout: 300 }).watch();
      await next.seen(2);
      const agent = { service: 'consul', ready: false, status: 'no answer' };
      expect(next.events).toMatchObject([
        { type: 'connected', agent },
        { type: 'heartbeat', agent },
      ]);
      await next.close();
    }
  });

  it('tells what the servers refuse, and goes on to watch', async () => {
    await registered();
    consul.leader = [429, ''];
    await eventually(() => run.events.at(-1)?.agent?.status === 'status 429');
    consul.leader = [200, '"10.0.0.1:8300"'];
    await eventually(() => run.events.at(-1)?.agent?.ready === true);
    expect(connects()).toBe(1);
  });

  it('settles at once if it is stopped, whatever call is in flight', async () => {
    await registered();
    await run.close();
    expect(await run.ended).toBeUndefined();
    for (const call of ['status/leader', 'check/pass']) {
      const next = new ConsulRun({ baseUrl: consul.url, requestTimeout: 30_000 });
      await next.client.register(NODE);
      next.watch();
      await next.seen(1);
      await next.client.register(NODE);
      consul.scripts.set(call, 'silence');
      const before = consul.to(call).length;
      await consul.until(() => consul.to(call).length > before);
      const stopped = performance.now();
      await next.close();
      expect(performance.now() - stopped).toBeLessThan(200);
      expect(await next.ended).toBeUndefined();
      consul.scripts.clear();
    }
  });

  describe('fails', () => {
    const endOf = async (what: ConsulRun) => {
      const thrown = await what.ended;
      if (!(thrown instanceof WatchError)) throw thrown;
      return thrown;
    };

    it('if nothing listens', async () => {
      await consul.close();
      const { kind, message, cause } = await endOf(run.watch());
      expect(kind).toBe('watch_connect');
      expect(message).toMatch(
        /^cannot reach the Consul agent at .* \(ECONNREFUSED\): is it running\? check CONSUL_/,
      );
      expect(cause).toMatchObject({ code: 'ECONNREFUSED' });
    });

    it('if the first call has no answer', async () => {
      consul.scripts.set('', 'silence');
      const { kind, message } = await endOf(run.watch());
      expect(kind).toBe('watch_connect');
      expect(message).toBe(
        `the Consul agent at ${consul.url} did not answer GET /v1/status/leader within 300 ms (option requestTimeout)`,
      );
    });

    it.each<[status: number, text: string, words: string]>([
      [
        403,
        'ACL not found',
        ': ACL not found; if it stays so, check the token: CONSUL_HTTP_TOKEN, or the header x-consul-token',
      ],
      [404, '404 page not found', ': check CONSUL_HTTP_ADDR or baseUrl (Consul agents listen on port 8500)'],
      [429, '', ''],
    ])('if the first answer is %s', async (statusCode, text, words) => {
      consul.leader = [statusCode, text, { 'retry-after': '3' }];
      const { kind, message, detail } = await endOf(run.watch());
      expect(kind).toBe('watch_http_status');
      expect(message).toBe(
        `the Consul agent at ${consul.url} answered GET /v1/status/leader with status ${statusCode}${words}`,
      );
      expect(detail).toEqual({ statusCode, retryAfter: statusCode === 429 ? 3_000 : undefined });
    });

    it('if the Consul agent ends', async () => {
      await registered();
      await consul.close();
      const { kind, message } = await endOf(run);
      expect(kind).toBe('watch_stream_closed');
      expect(message).toMatch(/^cannot reach the Consul agent at \S+ \(ECONNREFUSED\): is it running\?/);
    });

    it('if the connection is closed', async () => {
      await registered();
      consul.scripts.set(`GET /v1/agent/service/${ID}`, 'break');
      const { kind, message } = await endOf(run);
      expect(kind).toBe('watch_stream_closed');
      expect(message).toBe(`the Consul agent at ${consul.url} closed the connection`);
    });

    it('if the agent falls silent while nothing is registered', async () => {
      run.watch();
      await events(2);
      consul.scripts.set('', 'silence');
      const { kind, message } = await endOf(run);
      expect(kind).toBe('watch_idle_timeout');
      expect(message).toMatch(/ did not answer GET \/v1\/status\/leader within 100 ms$/);
    });

    it('if a long poll has no answer in its time', async () => {
      await registered();
      consul.scripts.set(`GET /v1/agent/service/${ID}`, 'silence');
      const { kind, message } = await endOf(run);
      expect(kind).toBe('watch_idle_timeout');
      // A wait of 100 ms, a sixteenth of it, and requestTimeout.
      expect(message).toMatch(/ did not answer GET \/v1\/agent\/service\/auth-10500 within 407 ms$/);
    });

    it('with the status of a refused poll', async () => {
      await registered();
      consul.scripts.set('GET /v1/agent/service/', [403, 'Permission denied']);
      expect((await endOf(run)).detail.statusCode).toBe(403);
    });

    it('with the status of a refused pass', async () => {
      await registered();
      consul.scripts.set('check/pass', [500, 'rpc error']);
      expect((await endOf(run)).detail.statusCode).toBe(500);
    });

    it.each([
      ['nothing', '{}'],
      ['nothing that fits into a query', JSON.stringify({ ContentHash: 'a b\r\nx: y' })],
      ['too much', JSON.stringify({ ContentHash: 'a'.repeat(65) })],
    ])('if what answers is no Consul: its hash is %s', async (_what, body) => {
      consul.scripts.set('GET /v1/agent/service/', [200, body]);
      run.watch();
      await events(1);
      await run.client.register(NODE);
      const { kind, message } = await endOf(run);
      expect(kind).toBe('watch_content_type');
      expect(message).toMatch(/ without a ContentHash: it must be a Consul agent, without compression$/);
    });
  });
});

describe('over other connections', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'consul-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  it('of a Unix socket', async () => {
    const path = join(folder, 'consul.sock');
    const consul = await new FakeConsul().listen({ path });
    const run = new ConsulRun({}, { CONSUL_HTTP_ADDR: `unix://${path}` }).watch();
    await run.seen(1);
    await run.client.register(NODE);
    expect(consul.services.size).toBe(1);
    await run.close();
    await consul.close();
  });

  it('of TLS with a client certificate', async () => {
    const consul = await new FakeConsul({
      ...AGENT,
      ca: CA,
      requestCert: true,
      rejectUnauthorized: true,
    }).listen();
    const variables = { CONSUL_HTTP_ADDR: `127.0.0.1:${consul.port}`, CONSUL_HTTP_SSL: 'true' };
    const files = {
      CONSUL_CACERT: write('ca.pem', CA),
      CONSUL_CLIENT_CERT: write('service.pem', SERVICE.cert),
      CONSUL_CLIENT_KEY: write('service.key', SERVICE.key),
    };
    const run = new ConsulRun({}, { ...variables, ...files }).watch();
    await run.seen(1);
    await run.client.register(NODE);
    expect(consul.services.size).toBe(1);
    await run.close();

    for (const missing of [{}, { CONSUL_CACERT: files.CONSUL_CACERT }]) {
      const refused = new ConsulRun({}, { ...variables, ...missing }).watch();
      expect(await refused.ended).toMatchObject({
        kind: 'watch_tls',
        message: expect.stringMatching(
          /^the connection to the Consul agent at https:.*; check the agent's certificate/,
        ),
      });
      await refused.close();
    }
    await consul.close();
  });

  it('of TLS with a file that cannot be read, and names the variable', async () => {
    const variables = { CONSUL_HTTP_ADDR: 'https://127.0.0.1:1', CONSUL_CACERT: '/nope.pem' };
    const run = new ConsulRun({}, variables).watch();
    expect(await run.ended).toMatchObject({
      kind: 'watch_tls',
      message:
        'cannot call the Consul agent at https://127.0.0.1:1: CONSUL_CACERT: cannot read /nope.pem (ENOENT)',
    });
    await run.close();
    const own = new ConsulRun({ tls: { caFile: '/own.pem' } }, variables).watch();
    expect(await own.ended).toHaveProperty('message', expect.stringContaining(': tls.caFile: cannot read'));
    await own.close();
  });

  it('names the base path in its errors', async () => {
    const consul = await new FakeConsul().listen();
    consul.leader = [404, '404 page not found'];
    const run = new ConsulRun({}, { CONSUL_HTTP_ADDR: `${consul.url}/pre` }).watch();
    consul.scripts.set('/pre/', [404, '404 page not found']);
    expect(await run.ended).toHaveProperty(
      'message',
      expect.stringContaining(`${consul.url} answered GET /pre/v1/status/leader with status 404`),
    );
    await run.close();
    await consul.close();
  });

  it('with a token that is renewed in its file', async () => {
    const consul = await new FakeConsul().listen();
    const file = write('token', 'the-first-token');
    const run = new ConsulRun({ baseUrl: consul.url }, { CONSUL_HTTP_TOKEN_FILE: file }).watch();
    await run.seen(1);
    write('token', 'the-second-token');
    await run.client.register(NODE);
    const sent = consul.calls.map(({ headers }) => headers['x-consul-token']);
    expect(sent.slice(0, 3)).toEqual(['the-first-token', 'the-second-token', 'the-second-token']);
    rmSync(file);
    expect(await run.ended).toMatchObject({
      kind: 'watch_stream_closed',
      message: expect.stringMatching(
        /^cannot call the Consul agent at http:\S+: CONSUL_HTTP_TOKEN_FILE: cannot be read \(ENOENT/,
      ),
    });
    await run.close();
    await consul.close();
  });
});
