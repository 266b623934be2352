import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consulConnection } from '../../../lib/consul/consul-connection.js';
import type { OptionFault } from '../../../lib/errors/invalid-options.error.js';

const TOKEN = 'b1gs07-t0k3n';

function connection(variables: NodeJS.ProcessEnv, given = {}) {
  const faults: OptionFault[] = [];
  const { headers, ...rest } = consulConnection(given, variables, faults);
  const defined = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return { headers, defined, faults };
}

describe('the address of the Consul agent', () => {
  it.each<[variables: NodeJS.ProcessEnv, given: object, found: object]>([
    [{}, {}, { baseUrl: 'http://127.0.0.1:8500/' }],
    [{ CONSUL_HTTP_ADDR: ' ' }, {}, { baseUrl: 'http://127.0.0.1:8500/' }],
    [{ CONSUL_HTTP_ADDR: '10.0.0.1:8500' }, {}, { baseUrl: 'http://10.0.0.1:8500/' }],
    [{ CONSUL_HTTP_ADDR: 'consul.internal:8500' }, {}, { baseUrl: 'http://consul.internal:8500/' }],
    [{ CONSUL_HTTP_ADDR: 'http://10.0.0.1:8500/consul' }, {}, { baseUrl: 'http://10.0.0.1:8500/consul' }],
    [
      { CONSUL_HTTP_ADDR: 'unix:///run/consul.sock' },
      {},
      { socketPath: '/run/consul.sock', baseUrl: 'http://127.0.0.1:8500' },
    ],
    [{ CONSUL_HTTP_ADDR: '10.0.0.1:8500' }, { baseUrl: 'http://own:1' }, { baseUrl: 'http://own:1' }],
    [
      { CONSUL_HTTP_ADDR: '10.0.0.1:8500' },
      { socketPath: '/own' },
      { socketPath: '/own', baseUrl: 'http://127.0.0.1:8500' },
    ],
  ])('of %j and %j', (variables, given, found) => {
    expect(connection(variables, given)).toMatchObject({ defined: found, faults: [] });
  });

  it.each([
    ['10.0.0.1:8501', 'true', 'https://10.0.0.1:8501/'],
    ['http://10.0.0.1:8501', '1', 'https://10.0.0.1:8501/'],
    ['https://10.0.0.1:8501', 'false', 'https://10.0.0.1:8501/'],
    ['10.0.0.1:8501', 'F', 'http://10.0.0.1:8501/'],
  ])('%s with CONSUL_HTTP_SSL=%s is %s', (CONSUL_HTTP_ADDR, CONSUL_HTTP_SSL, baseUrl) => {
    expect(connection({ CONSUL_HTTP_ADDR, CONSUL_HTTP_SSL })).toMatchObject({
      defined: { baseUrl },
      faults: [],
    });
  });

  const expected = 'must be host:port, an http or https URL without user info or query, or unix:///path';

  it.each([
    ['ftp://10.0.0.1', `${expected}, got "ftp://10.0.0.1"`],
    ['unix://relative', `${expected}, got "unix://relative"`],
    [':8500', `${expected}, got ":8500"`],
    ['http://me:pass@10.0.0.1:8500', expected],
    ['http://10.0.0.1:8500?token=x', expected],
  ])('cannot be %s', (CONSUL_HTTP_ADDR, message) => {
    expect(connection({ CONSUL_HTTP_ADDR }).faults).toEqual([{ path: 'CONSUL_HTTP_ADDR', message }]);
  });
});

describe('TLS', () => {
  const FILES = {
    CONSUL_CACERT: '/ca.pem',
    CONSUL_CLIENT_CERT: '/cert.pem',
    CONSUL_CLIENT_KEY: '/key.pem',
    CONSUL_TLS_SERVER_NAME: 'server.dc1.consul',
    CONSUL_HTTP_SSL_VERIFY: 'false',
  };
  const tlsOf = (variables: NodeJS.ProcessEnv, given = {}) => connection(variables, given).defined.tls;

  it('comes from the environment, for an https address alone', () => {
    const tls = {
      caFile: '/ca.pem',
      certFile: '/cert.pem',
      keyFile: '/key.pem',
      servername: 'server.dc1.consul',
      rejectUnauthorized: false,
    };
    expect(tlsOf({ ...FILES, CONSUL_HTTP_SSL: 'true' })).toEqual(tls);
    expect(tlsOf(FILES, { baseUrl: 'https://own:1' })).toEqual(tls);
    expect(tlsOf(FILES)).toBeUndefined();
  });

  it('comes from the option instead, as a whole', () => {
    const tls = { caFile: '/own.pem' };
    expect(tlsOf({ ...FILES, CONSUL_HTTP_SSL: 'true' }, { tls })).toBe(tls);
  });

  it.each([
    ['CONSUL_CLIENT_CERT', 'CONSUL_CLIENT_KEY'],
    ['CONSUL_CLIENT_KEY', 'CONSUL_CLIENT_CERT'],
  ])('%s needs %s', (path, other) => {
    const { faults } = connection({ CONSUL_HTTP_SSL: 'true', [path]: '/file' });
    expect(faults).toEqual([{ path, message: `needs ${other}` }]);
  });

  it.each(['CONSUL_HTTP_SSL', 'CONSUL_HTTP_SSL_VERIFY'])('%s is a word of Go', (path) => {
    const variables = { CONSUL_HTTP_ADDR: 'https://127.0.0.1:8501', [path]: 'yes' };
    expect(connection(variables).faults).toEqual([{ path, message: 'must be true or false, got "yes"' }]);
  });
});

describe('a variable that is not used', () => {
  it.each<[path: string, value: string, given: object]>([
    ['CONSUL_HTTP_SSL', 'yes', { baseUrl: 'http://own:1' }],
    ['CONSUL_HTTP_SSL_VERIFY', 'yes', { baseUrl: 'http://own:1' }],
    ['CONSUL_HTTP_SSL_VERIFY', 'yes', { baseUrl: 'https://own:1', tls: {} }],
    ['CONSUL_CLIENT_CERT', '/cert.pem', { baseUrl: 'https://own:1', tls: {} }],
    ['CONSUL_HTTP_ADDR', 'ftp://x', { socketPath: '/own' }],
    ['CONSUL_HTTP_TOKEN', 'to\nken', { headers: { 'x-consul-token': 'own' } }],
  ])('has no fault: %s=%j with %j', (name, value, given) => {
    expect(connection({ [name]: value }, given).faults).toEqual([]);
  });
});

describe('the token', () => {
  let folder: string;
  let file: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'consul-token-'));
    file = join(folder, 'token');
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const headersOf = (variables: NodeJS.ProcessEnv, headers?: unknown): unknown => {
    const found: unknown = connection(variables, { headers }).headers;
    return typeof found === 'function' ? (found as () => unknown)() : found;
  };

  it.each<[what: string, headers: unknown, sent: unknown]>([
    ['no headers', undefined, { 'x-consul-token': TOKEN }],
    ['other headers', { 'x-team': 'blue' }, { 'x-team': 'blue', 'x-consul-token': TOKEN }],
    ['a token', { 'X-Consul-Token': 'own' }, { 'X-Consul-Token': 'own' }],
    ['an authorization', { Authorization: 'Bearer own' }, { Authorization: 'Bearer own' }],
    ['a function', () => ({ 'x-team': 'blue' }), { 'x-team': 'blue', 'x-consul-token': TOKEN }],
    ['a function that returns a token', () => ({ 'x-consul-token': 'own' }), { 'x-consul-token': 'own' }],
    ['a function that returns no headers', () => Promise.resolve(5), 5],
    ['what are no headers', ['x-consul-token'], ['x-consul-token']],
  ])('is added to %s', async (_what, headers, sent) => {
    expect(await headersOf({ CONSUL_HTTP_TOKEN: TOKEN }, headers)).toEqual(sent);
  });

  it('is not invented', () => {
    const headers = () => ({});
    expect(connection({}, { headers }).headers).toBe(headers);
    expect(connection({}).headers).toBeUndefined();
  });

  it('is read from its file again for each call, and has priority there', async () => {
    const headers = connection({ CONSUL_HTTP_TOKEN: TOKEN, CONSUL_HTTP_TOKEN_FILE: file })
      .headers as () => unknown;
    for (const token of ['first-token', 'second-token']) {
      writeFileSync(file, `${token}\n`);
      expect(await headers()).toEqual({ 'x-consul-token': token });
    }
    writeFileSync(file, ' \n');
    expect(await headers()).toEqual({ 'x-consul-token': TOKEN });
  });

  it('of a file is added to headers, unless they have one', async () => {
    writeFileSync(file, 'of-the-file');
    const variables = { CONSUL_HTTP_TOKEN_FILE: file };
    expect(await headersOf(variables, { a: 'b' })).toEqual({ a: 'b', 'x-consul-token': 'of-the-file' });
    expect(await headersOf(variables, { authorization: 'c' })).toEqual({ authorization: 'c' });
    expect(await headersOf(variables, 'nonsense')).toBe('nonsense');
  });

  it('of a file is not read if the headers have one', () => {
    const variables = { CONSUL_HTTP_TOKEN_FILE: join(folder, 'none') };
    const own = { 'x-consul-token': 'own' };
    expect(connection(variables, { headers: own }).headers).toBe(own);
  });

  it('of a file leaves headers with a fault to the check of the options', () => {
    const wrong = { 'bad name': 'x' };
    expect(connection({ CONSUL_HTTP_TOKEN_FILE: file }, { headers: wrong }).headers).toBe(wrong);
  });

  it('says which variable is wrong if the file cannot be read', async () => {
    await expect(headersOf({ CONSUL_HTTP_TOKEN_FILE: join(folder, 'none') })).rejects.toThrow(
      /^CONSUL_HTTP_TOKEN_FILE: cannot be read \(ENOENT: /,
    );
  });

  it('that cannot be sent is a fault that does not show it', () => {
    const { faults } = connection({ CONSUL_HTTP_TOKEN: 'to\nken' });
    expect(faults).toEqual([
      { path: 'CONSUL_HTTP_TOKEN', message: expect.stringMatching(/^must be Latin-1 text/) },
    ]);
  });
});
