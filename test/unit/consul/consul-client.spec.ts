import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isLostLease } from '../../../lib/agent/protocol/lost-lease.js';
import { isUnknownInstance } from '../../../lib/agent/protocol/unknown-instance.js';
import { SidecarApiError } from '../../../lib/errors/sidecar-api.error.js';
import { SidecarConnectionError } from '../../../lib/errors/sidecar-connection.error.js';
import type { SidecarAgentOptions } from '../../../lib/options/sidecar-agent-options.interface.js';
import { FakeConsul, type UnknownAnswers } from '../../support/fake-consul.js';
import { NODE } from '../fixtures/fixtures.js';
import { ConsulRun } from './support/consul-parts.js';

const ID = 'auth-10500';
const WHO = { appId: '10001', appInstanceId: 'one', serviceName: 'auth', servicePort: 10500 };
const DRAIN = { ...WHO, gracePeriod: 1_000 };
const REPLACES = { 'replace-existing-checks': 'true' };

/** What Consul says of what it does not hold, by its version. */
const UNKNOWN: Readonly<Record<string, UnknownAnswers>> = {
  '1.8.7': (what) =>
    what === 'check/pass'
      ? [500, 'CheckID "service:auth-10500:ttl" does not have associated TTL']
      : what === 'service/deregister'
        ? [200, '']
        : [404, 'Unknown service "auth-10500"'],
  '1.8.7 with ACLs': (what) =>
    what === 'check/pass'
      ? [500, 'Unknown check "service:auth-10500:ttl"']
      : [500, 'Unknown service "auth-10500"'],
  '1.20.6': () => [404, 'Unknown service ID "auth-10500". Ensure that the service ID is passed'],
};

describe('ConsulClient', () => {
  let consul: FakeConsul;
  let run: ConsulRun;

  beforeEach(async () => {
    consul = await new FakeConsul().listen();
    run = new ConsulRun({ baseUrl: consul.url, requestTimeout: 200 });
  });

  afterEach(async () => {
    await run.close();
    await consul.close();
  });

  const queries = () => consul.to('service/register').map(({ query }) => query);
  const refusalOf = (call: Promise<unknown>) =>
    call.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );

  it('registers, passes the TTL, and then holds the instance', async () => {
    expect(run.held.id).toBeUndefined();
    const answer = await run.client.register(NODE);
    expect(answer).toEqual({ statusCode: 200, state: 'Registered', instanceId: ID });
    expect(consul.calls.map(({ what }) => what)).toEqual([
      'PUT /v1/agent/service/register',
      'PUT /v1/agent/check/pass/service:auth-10500:ttl',
    ]);
    expect(consul.calls[0]?.headers['content-type']).toBe('application/json');
    expect(consul.calls[1]?.headers).not.toHaveProperty('content-type');
    expect(run.held.id).toBe(ID);
  });

  it('holds nothing if the TTL was not passed', async () => {
    consul.scripts.set('check/pass', [503, 'busy', { 'retry-after': '7' }]);
    const thrown = await refusalOf(run.client.register(NODE));
    expect(thrown).toBeInstanceOf(SidecarApiError);
    expect(thrown).toMatchObject({
      method: 'PUT',
      statusCode: 503,
      code: '',
      reason: 'busy',
      retryAfter: 7_000,
    });
    expect(run.held.id).toBeUndefined();
  });

  it('replaces what Consul has of the id at its first register alone', async () => {
    await run.client.register(NODE);
    consul.maintenance.add(ID);
    await run.client.register(NODE);
    expect(queries()).toEqual([REPLACES, {}]);
    expect(consul.maintenance.has(ID)).toBe(true);
  });

  it('lifts the maintenance mode that a killed process has left', async () => {
    consul.maintenance.add(ID);
    await run.client.register(NODE);
    expect(consul.maintenance.has(ID)).toBe(false);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['drain', () => run.client.drain(DRAIN)],
    ['deregister', () => run.client.deregister(WHO)],
  ])('replaces it after its own %s', async (_what, withdraw) => {
    await run.client.register(NODE);
    await withdraw();
    await run.client.register(NODE);
    await run.client.register(NODE);
    expect(queries()).toEqual([REPLACES, REPLACES, {}]);
  });

  it('replaces it again if the first register had no answer', async () => {
    consul.scripts.set('service/register', 'silence');
    await refusalOf(run.client.register(NODE));
    consul.scripts.clear();
    await run.client.register(NODE);
    expect(queries()).toEqual([REPLACES, REPLACES]);
  });

  it('drains by the maintenance mode, and goes on to hold the instance', async () => {
    await run.client.register(NODE);
    expect(await run.client.drain(DRAIN)).toEqual({ statusCode: 200, state: 'Draining', instanceId: ID });
    expect(consul.to('maintenance')).toMatchObject([
      {
        what: `PUT /v1/agent/service/maintenance/${ID}`,
        query: { enable: 'true', reason: 'drained by nestjs-sidecar-agent' },
      },
    ]);
    expect(run.held.id).toBe(ID);
  });

  it('lets go of the instance before it deregisters it', async () => {
    await run.client.register(NODE);
    const deregistered = run.client.deregister(WHO);
    expect(run.held.id).toBeUndefined();
    expect(await deregistered).toMatchObject({ state: 'Deregistered', instanceId: ID });
    expect(consul.services.size).toBe(0);
  });

  it('does not hold an instance that it deregistered while the register was in flight', async () => {
    const registered = run.client.register(NODE);
    await consul.until(() => consul.to('check/pass').length > 0);
    const deregistered = run.client.deregister(WHO);
    await Promise.all([registered, deregistered]);
    expect(run.held.id).toBeUndefined();
  });

  it('undoes the drain of another process on the port if it is asked to', async () => {
    await run.client.register(NODE);
    consul.maintenance.add(ID);
    await run.client.register(NODE, { undoesDrain: true });
    expect(queries()).toEqual([REPLACES, REPLACES]);
    expect(consul.maintenance.has(ID)).toBe(false);
  });

  it('encodes ids', async () => {
    const node = { ...NODE, service: { ...NODE.service, name: 'a b/c' } };
    await run.client.register(node);
    await run.client.drain({ ...DRAIN, serviceName: 'a b/c' });
    expect(consul.calls.map(({ what }) => what)).toEqual([
      'PUT /v1/agent/service/register',
      'PUT /v1/agent/check/pass/service:a b/c-10500:ttl',
      'PUT /v1/agent/service/maintenance/a b/c-10500',
    ]);
  });

  it('sends the headers of a call', async () => {
    await run.client.register(NODE, { headers: { traceparent: '00-1' } });
    expect(consul.calls.map(({ headers }) => headers.traceparent)).toEqual(['00-1', '00-1']);
  });

  it('gives a register the time that it asks for', async () => {
    consul.scripts.set('service/register', 'silence');
    const thrown = await refusalOf(run.client.register(NODE, { timeout: 400 }));
    expect(thrown).toBeInstanceOf(SidecarConnectionError);
    expect(thrown).toMatchObject({
      code: 'ETIMEDOUT',
      message:
        `the Consul agent at ${consul.url} did not answer PUT /v1/agent/service/register ` +
        'within 400 ms (2 times the option requestTimeout)',
    });
  });

  it('bounds the register and the pass of the TTL together', async () => {
    consul.scripts.set('service/register', [200, '']);
    consul.scripts.set('check/pass', 'silence');
    const patient = new ConsulRun({ baseUrl: consul.url, requestTimeout: 30_000 });
    const startedAt = performance.now();
    expect(await refusalOf(patient.client.register(NODE, { timeout: 300 }))).toMatchObject({
      code: 'ETIMEDOUT',
    });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    await patient.close();
  });

  it('says what to do if nothing listens', async () => {
    await consul.close();
    expect(await refusalOf(run.client.deregister(WHO))).toMatchObject({
      message:
        `cannot reach the Consul agent at ${consul.url} (ECONNREFUSED): is it running? ` +
        'check CONSUL_HTTP_ADDR or baseUrl (Consul agents listen on port 8500)',
    });
  });

  it.each([
    'Request decode failed: json: unknown field "Foo"',
    'Request decode failed: 1 error(s) decoding: has invalid config key: Foo',
  ])('says what to do about a registration that it cannot read: %s', async (words) => {
    consul.scripts.set('service/register', [400, words]);
    expect(await refusalOf(run.client.register(NODE))).toMatchObject({
      reason: words,
      message: expect.stringMatching(/Foo"?; check the option service of consulProviders$/),
    });
  });

  it.each([401, 403])('says what to do about a %s', async (status) => {
    consul.scripts.set('service/register', [status, 'Permission denied']);
    expect(await refusalOf(run.client.register(NODE))).toMatchObject({
      message:
        `PUT /v1/agent/service/register answered ${status}: ` +
        'Permission denied; check the token: CONSUL_HTTP_TOKEN, or the header x-consul-token',
    });
  });

  describe.each(Object.entries(UNKNOWN))(
    'of Consul %s, if it does not hold the instance',
    (version, unknown) => {
      beforeEach(() => {
        consul.unknown = unknown;
      });

      it('knows that a drain has nothing to do', async () => {
        const thrown = await refusalOf(run.client.drain(DRAIN));
        expect(thrown).toMatchObject({ code: 'unknown_service' });
        expect(isUnknownInstance(thrown as SidecarApiError)).toBe(true);
      });

      it('knows that a deregister has nothing to do', async () => {
        const thrown = await refusalOf(run.client.deregister(WHO));
        if (version === '1.8.7') return expect(thrown).toBeUndefined();
        expect(isUnknownInstance(thrown as SidecarApiError)).toBe(true);
      });

      it('reports a register that was undone before the TTL was passed', async () => {
        consul.scripts.set('service/register', [200, '']);
        const thrown = await refusalOf(run.client.register(NODE));
        expect(thrown).toMatchObject({ code: 'unknown_service' });
        expect(isLostLease(thrown)).toBe(false);
        expect(run.held.id).toBeUndefined();
      });
    },
  );

  it.each([
    [500, 'No cluster leader'],
    [400, 'Invalid check: TTL must be > 0 for TTL checks'],
    [403, 'Permission denied'],
  ])('does not take a %s for an unknown instance', async (status, text) => {
    consul.scripts.set('service/deregister', [status, text]);
    const thrown = (await refusalOf(run.client.deregister(WHO))) as SidecarApiError;
    expect(thrown).toMatchObject({ statusCode: status, code: '' });
    expect(isUnknownInstance(thrown)).toBe(false);
  });
});

describe('the token', () => {
  const TOKEN = 'b1gs07-t0k3n-of-consul';
  let consul: FakeConsul;

  beforeEach(async () => {
    consul = await new FakeConsul().listen();
  });

  afterEach(() => consul.close());

  it.each<[told: string, variables: NodeJS.ProcessEnv, headers: SidecarAgentOptions['headers']]>([
    ['CONSUL_HTTP_TOKEN', { CONSUL_HTTP_TOKEN: TOKEN }, undefined],
    [
      'the file FILE (CONSUL_HTTP_TOKEN_FILE)',
      { CONSUL_HTTP_TOKEN: TOKEN, CONSUL_HTTP_TOKEN_FILE: 'FILE' },
      undefined,
    ],
    ['the option headers', { CONSUL_HTTP_TOKEN_FILE: 'FILE' }, { 'X-Consul-Token': 'own-token' }],
    ['the option headers, or CONSUL_HTTP_TOKEN', { CONSUL_HTTP_TOKEN: TOKEN }, () => ({ a: 'b' })],
    ['the option headers', {}, () => ({ a: 'b' })],
    ['CONSUL_HTTP_TOKEN, or the header x-consul-token', {}, { a: 'b' }],
  ])('that is refused is named by its source: %s', async (told, variables, headers) => {
    const folder = mkdtempSync(join(tmpdir(), 'consul-token-'));
    const file = join(folder, 'token');
    writeFileSync(file, 'of-the-file');
    const named = variables.CONSUL_HTTP_TOKEN_FILE && { CONSUL_HTTP_TOKEN_FILE: file };
    const run = new ConsulRun({ baseUrl: `${consul.url}/pre`, headers }, { ...variables, ...named });
    consul.scripts.set('deregister', [403, 'ACL not found']);
    const thrown: unknown = await run.client.deregister(WHO).catch((error: unknown) => error);
    expect(thrown).toMatchObject({
      path: `/pre/v1/agent/service/deregister/${ID}`,
      message:
        `PUT /pre/v1/agent/service/deregister/${ID} answered 403: ACL not found; ` +
        `if it stays so, check the token: ${told.replace('FILE', file)}`,
    });
    await run.close();
    rmSync(folder, { recursive: true });
  });

  it('is sent with each call and shown in no error', async () => {
    const run = new ConsulRun({ baseUrl: consul.url }, { CONSUL_HTTP_TOKEN: TOKEN });
    await run.client.register(NODE);
    consul.scripts.set('deregister', [403, `the token ${TOKEN} is not known`]);
    const thrown: unknown = await run.client.deregister(WHO).catch((error: unknown) => error);
    expect(consul.calls.map(({ headers }) => headers['x-consul-token'])).toEqual([TOKEN, TOKEN, TOKEN]);
    expect(thrown).toMatchObject({
      reason: 'the token [redacted] is not known',
      message: expect.stringMatching(
        /: the token \[redacted\] is not known; check the token: CONSUL_HTTP_TOKEN$/,
      ),
    });
    await run.close();
  });
});
