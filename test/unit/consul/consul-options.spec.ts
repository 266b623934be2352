import { describe, expect, it } from '@jest/globals';
import { prepareForConsul } from '../../../lib/consul/prepare-for-consul.js';
import { InvalidOptionsError } from '../../../lib/errors/invalid-options.error.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import type { ResolvedOptions } from '../../../lib/options/resolved-options.js';
import type { SidecarAgentOptions } from '../../../lib/options/sidecar-agent-options.interface.js';
import { options, thrownBy } from '../fixtures/fixtures.js';

function resolve(consul: unknown, given: unknown = options(), variables = {}): ResolvedOptions {
  const prepare = (each: unknown) => prepareForConsul(each, consul as object, variables);
  return resolveOptions(given as SidecarAgentOptions, [], prepare);
}

/** The faults by their paths. */
function faultsOf(consul: unknown, given?: unknown, variables?: object): Record<string, string> {
  const thrown = thrownBy(() => resolve(consul, given, variables));
  if (!(thrown instanceof InvalidOptionsError)) throw thrown;
  expect(new Set(thrown.faults.map(({ path }) => path)).size).toBe(thrown.faults.length);
  return Object.fromEntries(thrown.faults.map(({ path, message }) => [path, message]));
}

const ADDRESS = 'must be an IP address that callers can dial or a host name, without a scheme or a port';

describe('the options of consulProviders', () => {
  it.each<[string, object]>([
    ['none', {}],
    ['an IPv4 address', { address: '10.0.0.5' }],
    ['an IPv6 address', { address: 'fd00::5' }],
    ['a host name', { address: 'auth_1.internal' }],
    ['durations', { ttl: 1_000, portCheck: '1s', reapAfter: '60s' }],
    ['fields of Consul', { service: { Tags: [], Meta: {}, Checks: [], Connect: { SidecarService: {} } } }],
    ['values at the limit', { service: { Meta: { [`k${'-'.repeat(127)}`]: 'é'.repeat(256) } } }],
    [
      '52 entries',
      { service: { Meta: Object.fromEntries(Array.from({ length: 52 }, (_, i) => [`k${i}`, ''])) } },
    ],
    ['a ttl as long as reapAfter', { ttl: '1m' }],
  ])('can be %s', (_what, consul) => {
    expect(resolve(consul).endpoint.origin).toBe('http://127.0.0.1:8500');
  });

  it.each<[path: string, consul: unknown, message: string]>([
    ['', 'soon', 'must be an object, got a string of 4 characters'],
    ['address', { address: 'http://10.0.0.5' }, `${ADDRESS}, got "http://10.0.0.5"`],
    ['address', { address: '10.0.0.5:80' }, `${ADDRESS}, got "10.0.0.5:80"`],
    ['address', { address: '0.0.0.0' }, `${ADDRESS}, got "0.0.0.0"`],
    ['address', { address: '::' }, `${ADDRESS}, got "::"`],
    ['address', { address: '' }, `${ADDRESS}, got ""`],
    ['address', { address: 5 }, `${ADDRESS}, got 5`],
    [
      'ttl',
      { ttl: '999ms' },
      'must be a duration such as "20s" or a number of milliseconds, from 1000 to 2147483647 ms, got "999ms"',
    ],
    [
      'portCheck',
      { portCheck: true },
      'must be a duration such as "20s" or a number of milliseconds, from 1000 to 2147483647 ms, got true',
    ],
    [
      'reapAfter',
      { reapAfter: '59s' },
      'must be a duration such as "20s" or a number of milliseconds, from 60000 to 2147483647 ms, got "59s"',
    ],
    ['tll', { tll: '5s' }, 'unknown option (did you mean `ttl`?)'],
    ['', [], 'must be an object, got an empty list'],
    ['ttl', { ttl: '2m' }, 'must not be longer than reapAfter, 60000 ms, got 120000 ms'],
    ['ttl', { ttl: '6m', reapAfter: '5m' }, 'must not be longer than reapAfter, 300000 ms, got 360000 ms'],
    [
      'service.Meta.weight',
      { service: { Meta: { weight: '7' } } },
      'must be left out: it is set by the option service.weight of the module, got "7"',
    ],
    [
      'service.Meta.run_date',
      { service: { Meta: { run_date: 'today' } } },
      'must be left out: it is set by the module, got "today"',
    ],
    ['service', { service: [] }, 'must be an object, got an empty list'],
    ['service.Tags', { service: { Tags: 'blue' } }, 'must be a list, got "blue"'],
    ['service.Tags.0', { service: { Tags: [1] } }, 'must be a string, got 1'],
    ['service.Checks.0', { service: { Checks: ['x'] } }, 'must be an object, got "x"'],
    ['service.tags', { service: { tags: [] } }, 'must be written Tags'],
    [
      'service.ID',
      { service: { ID: 'x' } },
      'must be left out: it is set by the name, the address and the port',
    ],
    [
      'service.name',
      { service: { name: 'x' } },
      'must be left out: it is set by the option service.name of the module',
    ],
    [
      'service.Namespace',
      { service: { Namespace: 'x' } },
      'must be left out: it is set by the header x-consul-namespace, with the option headers of the module',
    ],
    ['service.Meta.a', { service: { Meta: { a: 1 } } }, 'must be a string of at most 512 bytes, got 1'],
    [
      'service.Meta.a',
      { service: { Meta: { a: 'é'.repeat(257) } } },
      'must be a string of at most 512 bytes, got a string of 257 characters',
    ],
    [
      'service.Meta.a b',
      { service: { Meta: { 'a b': '' } } },
      'must have a key of at most 128 letters, digits, "-" and "_" that does not start with "consul-", got "a b"',
    ],
    [
      'service.Meta.agent_id',
      { service: { Meta: { agent_id: 'x' } } },
      'must be left out: a sidecar-agent deregisters what has its id, got "x"',
    ],
    [
      'service.Meta',
      { service: { Meta: Object.fromEntries(Array.from({ length: 53 }, (_, i) => [`k${i}`, ''])) } },
      'must have at most 52 entries beside the 12 of the module, got an object',
    ],
  ])('cannot be wrong in %s: %j', (path, consul, message) => {
    expect(faultsOf(consul)).toEqual({ [['consulProviders', path].filter(Boolean).join('.')]: message });
  });
});

describe('at Consul', () => {
  it.each<[path: string, more: object, message: string]>([
    [
      'service.weight',
      { service: { name: 'auth', weight: 65_536 } },
      'must be at most 65535 at Consul, got 65536',
    ],
    [
      'app.name',
      { app: { id: '1', name: 'é'.repeat(257), env: 'e', version: 'v' } },
      'must be at most 512 bytes at Consul',
    ],
    ['dns', { dns: 'd'.repeat(513) }, 'must be at most 512 bytes at Consul'],
    ['watchUrl', { watchUrl: '/watch' }, 'has no effect at Consul: leave it out'],
    ['dialect', { dialect: 'flat' }, 'has no effect at Consul: leave it out'],
    ['idleTimeout', { idleTimeout: '15s' }, 'has no effect at Consul: leave it out'],
    ['maxEventBytes', { maxEventBytes: 100 }, 'has no effect at Consul: leave it out'],
    ['announceInfrastructure', { announceInfrastructure: true }, 'has no effect at Consul: leave it out'],
    ['httpRoutes', { httpRoutes: 'annotations' }, 'has no effect at Consul: leave it out'],
    [
      'httpRoutes',
      { httpRoutes: [{ httpMethod: 'GET', path: '/a', fullMethod: '/acme.auth.v1.AuthService/Login' }] },
      'has no effect at Consul: leave it out',
    ],
  ])('the option %s of the module is refused for %j', (path, more, message) => {
    expect(faultsOf({}, options(more))).toEqual({ [path]: message });
  });

  it('the weight may be 65535, and a wrong one has one fault', () => {
    expect(resolve({}, options({ service: { name: 'auth', weight: 65_535 } })).identity.service.weight).toBe(
      65_535,
    );
    expect(faultsOf({}, options({ service: { name: 'auth', weight: 0 } }))).toEqual({
      'service.weight': 'must be a whole number above 0, got 0',
    });
  });

  it('every fault is in one error: of the options, the environment and the module', () => {
    const given = {
      app: { id: '1', name: 'a', env: 'e' },
      service: { name: 'auth', weight: 70_000 },
      dialect: 'node',
    };
    const variables = { CONSUL_HTTP_ADDR: 'ftp://x', CONSUL_HTTP_SSL: 'yes' };
    expect(Object.keys(faultsOf({ ttl: 0, service: { Port: 1 } }, given, variables))).toEqual([
      'consulProviders.ttl',
      'consulProviders.service.Port',
      'CONSUL_HTTP_SSL',
      'CONSUL_HTTP_ADDR',
      'dialect',
      'service.weight',
      'app.version',
      'grpc',
    ]);
  });

  it('a module that is turned off needs no environment, and wrong options are still told', () => {
    const variables = { CONSUL_HTTP_ADDR: 'ftp://x' };
    expect(resolve({}, { enabled: false }, variables).enabled).toBe(false);
    expect(faultsOf({ ttl: 0 }, { enabled: false }, variables)).toHaveProperty(['consulProviders.ttl']);
  });

  it('options that turn something off are no options without effect', () => {
    const given = options({ httpRoutes: false, announceInfrastructure: false, dialect: 'auto' });
    expect(resolve({}, given).endpoint.kind?.name).toBe('Consul agent');
  });

  it('options may come from a class with getters and private fields', () => {
    class Options {
      readonly #given = options();
      readonly grpc = this.#given.grpc;
      get app() {
        return this.#given.app;
      }
      get service() {
        return this.#given.service;
      }
      get helper() {
        return 'no option';
      }
    }
    expect(resolve({}, new Options()).identity.service.name).toBe('auth');
  });

  it('options that are none at all have a fault', () => {
    expect(faultsOf({}, null)).toEqual({ options: 'must be an object, got null' });
  });

  it('the lease is what gossip takes, whatever the TTL, and an instance has the id that Consul has', () => {
    const { kind } = resolve({ ttl: '15s', address: '10.0.0.5' }).endpoint;
    expect(kind).toMatchObject({ name: 'Consul agent', lease: 10_000 });
    expect(kind?.instanceId?.('auth', 80)).toBe('auth-10.0.0.5-80');
    const { registrationFile } = resolve(
      { address: '10.0.0.5' },
      options({ registrationFile: '/run/auth.json' }),
    );
    expect(registrationFile?.consulId?.('auth', 80)).toBe('auth-10.0.0.5-80');
  });
});
