import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from '../../../support/fast-check.js';
import { GatewayManifestError } from '../../../../lib/errors/gateway-manifest.error.js';
import { SidecarAgentError } from '../../../../lib/errors/sidecar-agent.error.js';
import { formatGatewayManifest } from '../../../../lib/service/manifest/format-gateway-manifest.js';
import { methodsOf } from '../../../../lib/service/manifest/gateway-manifest.js';
import { parseGatewayManifest } from '../../../../lib/service/manifest/parse-gateway-manifest.js';
import { gatewayManifests } from '../../fixtures/http-routes.js';
import { thrownBy } from '../../fixtures/fixtures.js';

const FILE = '/srv/gateway.manifest.json';
const LOGIN = '/acme.auth.v1.AuthService/Login';
const ROUTE = { http_method: 'POST', path: '/v1/auth/login', full_method: LOGIN };
const SERVICE = { name: 'acme.auth.v1.AuthService', methods: [LOGIN] };
const MANIFEST = { schema: 'firefly.gateway.manifest.v1', services: [SERVICE], routes: [ROUTE] };

const parse = (value: unknown) => parseGatewayManifest(JSON.stringify(value), FILE);
const withRoute = (change: object) => ({ ...MANIFEST, routes: [{ ...ROUTE, ...change }] });
const withService = (change: object) => ({ ...MANIFEST, services: [{ ...SERVICE, ...change }] });

function errorOf(text: string): GatewayManifestError {
  const thrown = thrownBy(() => parseGatewayManifest(text, FILE));
  if (!(thrown instanceof GatewayManifestError)) throw thrown;
  return thrown;
}

const faultsOf = (value: unknown) =>
  errorOf(JSON.stringify(value)).faults.map(({ path, message }) => `${path}: ${message}`);

describe('parseGatewayManifest', () => {
  it('reads services and routes', () => {
    expect(parse(MANIFEST)).toEqual({
      services: [SERVICE],
      routes: [{ httpMethod: 'POST', path: '/v1/auth/login', fullMethod: LOGIN }],
    });
  });

  it('sorts everything, and removes duplicate methods', () => {
    const service = { name: 'a.A', methods: ['/a.A/Two', '/a.A/One', '/a.A/Two'] };
    const routes = [ROUTE, { ...ROUTE, http_method: 'get' }];
    expect(parse({ ...MANIFEST, services: [SERVICE, service], routes })).toEqual({
      services: [{ name: 'a.A', methods: ['/a.A/One', '/a.A/Two'] }, SERVICE],
      routes: [
        { httpMethod: 'GET', path: '/v1/auth/login', fullMethod: LOGIN },
        { httpMethod: 'POST', path: '/v1/auth/login', fullMethod: LOGIN },
      ],
    });
  });

  it('reads proxy routes', () => {
    const routes = [
      { http_method: 'GET', path: '/b', upstream_path: '/x' },
      { http_method: 'GET', path: '/a', strip_prefix: true },
    ];
    expect(parse({ ...MANIFEST, routes }).routes).toEqual([
      { httpMethod: 'GET', path: '/a', stripPrefix: true },
      { httpMethod: 'GET', path: '/b', upstreamPath: '/x' },
    ]);
  });

  it.each([[undefined], [null], [[]]])('reads routes %j as an empty list', (routes) => {
    expect(parse({ ...MANIFEST, routes }).routes).toEqual([]);
  });

  it('reads what Go writes for a field that is not set', () => {
    const unset = { upstream_path: '', strip_prefix: false };
    expect(parse(withRoute(unset))).toEqual(parse(MANIFEST));
    expect(parse(withRoute({ upstream_path: null, strip_prefix: null }))).toEqual(parse(MANIFEST));
    expect(parse(withRoute({ ...unset, full_method: '' })).routes).toEqual([
      { httpMethod: 'POST', path: '/v1/auth/login' },
    ]);
  });

  it('removes white space around texts, as Go does', () => {
    const padded = {
      ...MANIFEST,
      services: [{ name: ' acme.auth.v1.AuthService ', methods: [`\t${LOGIN}\n`, LOGIN] }],
      routes: [
        { http_method: ' post', path: ' /v1/auth/login ', full_method: ` ${LOGIN}`, upstream_path: ' ' },
      ],
    };
    expect(parse(padded)).toEqual(parse(MANIFEST));
    const proxy = { http_method: 'GET', path: '/b', full_method: ' ', upstream_path: ' /x ' };
    expect(parse({ ...MANIFEST, routes: [proxy] }).routes).toEqual([
      { httpMethod: 'GET', path: '/b', upstreamPath: '/x' },
    ]);
  });

  it('skips a byte order mark', () => {
    expect(parseGatewayManifest(`\uFEFF${JSON.stringify(MANIFEST)}`, FILE)).toEqual(parse(MANIFEST));
  });

  it('returns frozen objects', () => {
    const { services, routes } = parse(MANIFEST);
    expect(
      [services, routes, ...services, ...services.map(({ methods }) => methods)].every(Object.isFrozen),
    ).toBe(true);
  });

  describe('with a fault', () => {
    it('throws an error that names the file, the field and the value', () => {
      const error = errorOf(JSON.stringify(withService({ methods: ['/acme.auth.v1.Auth/Login'] })));
      expect(error).toBeInstanceOf(SidecarAgentError);
      expect(error).toMatchObject({ name: 'GatewayManifestError', kind: 'runtime_error', file: FILE });
      expect(error.message).toBe(
        [
          `gateway manifest ${FILE}:`,
          '  - services[0].methods[0]: must look like "/acme.auth.v1.AuthService/Method", got "/acme.auth.v1.Auth/Login"',
          `  - routes[0].full_method: must be a method of the manifest's services, got "${LOGIN}"`,
        ].join('\n'),
      );
    });

    it.each([
      [
        { ...MANIFEST, schema: 'firefly.gateway.manifest.v2' },
        'schema: must be "firefly.gateway.manifest.v1", got "firefly.gateway.manifest.v2"',
      ],
      [
        { ...MANIFEST, schema: 'FIREFLY.gateway.manifest.v1' },
        'schema: must be "firefly.gateway.manifest.v1", got "FIREFLY.gateway.manifest.v1"',
      ],
      [{ ...MANIFEST, schema: undefined }, 'schema: is required'],
      [
        { ...MANIFEST, services: [], routes: [] },
        'services: must hold at least one service, got an empty list',
      ],
      [{ ...MANIFEST, services: {}, routes: [] }, 'services: must be a list, got an object'],
      [{ ...MANIFEST, services: undefined, routes: [] }, 'services: is required'],
      [{ ...MANIFEST, services: ['x'], routes: [] }, 'services[0]: must be an object, got a string'],
      [{ ...MANIFEST, routes: {} }, 'routes: must be a list, got an object'],
      [{ ...MANIFEST, routes: [null] }, 'routes[0]: must be an object, got null'],
      [{ ...MANIFEST, version: 1 }, 'version: unknown field: use schema, services, routes'],
      [{ ...MANIFEST, Schema: 'x' }, 'Schema: unknown field: use schema, services, routes'],
      [withService({ file: 'a.proto' }), 'services[0].file: unknown field: use name, methods'],
      [
        withRoute({ body: '*' }),
        'routes[0].body: unknown field: use http_method, path, full_method, upstream_path, strip_prefix',
      ],
      [withService({ methods: 'x' }), 'services[0].methods: must be a list, got a string'],
      [withService({ methods: [LOGIN, 3] }), 'services[0].methods[1]: must be a string, got 3'],
      [withService({ methods: [LOGIN, {}] }), 'services[0].methods[1]: must be a string, got an object'],
      [
        { ...MANIFEST, services: [SERVICE, SERVICE] },
        'services[1].name: duplicate service "acme.auth.v1.AuthService"',
      ],
      [
        { ...MANIFEST, services: [SERVICE, { name: ' ', methods: ['/ /X'] }] },
        'services[1].name: must not be blank, got " "',
      ],
      [
        { ...MANIFEST, services: [SERVICE, { name: 'a.A', methods: [] }] },
        'services[1].methods: must hold at least one method of "a.A", got an empty list',
      ],
      [
        { ...MANIFEST, services: [SERVICE, { name: 'a.A', methods: ['/a.A/'] }] },
        'services[1].methods[0]: must look like "/a.A/Method", got "/a.A/"',
      ],
      [withRoute({ http_method: undefined }), 'routes[0].http_method: is required'],
      [withRoute({ http_method: '' }), 'routes[0].http_method: must be an HTTP method such as "GET", got ""'],
      [withRoute({ path: 'v1' }), 'routes[0].path: must start with "/", got "v1"'],
      [
        withRoute({ full_method: '/a.A/B' }),
        `routes[0].full_method: must be a method of the manifest's services, got "/a.A/B"`,
      ],
      [withRoute({ strip_prefix: 'yes' }), 'routes[0].strip_prefix: must be true or false, got "yes"'],
      [
        withRoute({ upstream_path: '/x' }),
        `routes[0].upstream_path: cannot be combined with a gRPC method, got "/x" and "${LOGIN}"`,
      ],
      [
        withRoute({ full_method: '', upstream_path: 'x' }),
        'routes[0].upstream_path: must start with "/" and have no white space, "?" or "#", got "x"',
      ],
      [
        withRoute({ full_method: '', upstream_path: '/x', strip_prefix: true }),
        'routes[0].strip_prefix: cannot be combined with an upstream path, got true and "/x"',
      ],
      [
        { ...MANIFEST, routes: [ROUTE, { ...ROUTE, http_method: 'post' }] },
        'routes[1].path: duplicate route "POST /v1/auth/login"',
      ],
      [
        { ...MANIFEST, routes: [ROUTE, { http_method: 'GET', path: '/' }] },
        'routes[1].full_method: is required: all routes must be of one kind, and the first is a transcoding route',
      ],
    ])('refuses %j', (manifest, fault) => {
      expect(faultsOf(manifest)).toEqual([fault]);
    });

    it('lists every fault, with the index that the entry has in the file', () => {
      const faults = faultsOf({
        schema: 'v1',
        services: [{ name: 3 }, { name: 'a.A', methods: ['/b.B/C'], more: 1 }],
        routes: ['x', { http_method: 'GET', path: 'y', other: 2 }],
        third: true,
      });
      expect(faults.map((fault) => fault.split(': ')[0]).sort()).toEqual(
        [
          'routes[0]',
          'routes[1].other',
          'routes[1].path',
          'schema',
          'services[0].methods',
          'services[0].name',
          'services[1].methods[0]',
          'services[1].more',
          'third',
        ].sort(),
      );
    });

    it.each([
      ['{"schema":"a","schema":"b"}', ['schema: duplicate key (line 1, column 15)']],
      [
        '{"services":[{"name":"a"},\n{"name":"b","methods":[],"name":"c"}]}',
        ['services[1].name: duplicate key (line 2, column 26)'],
      ],
      [String.raw`{"routes":[],"r\u006futes":[]}`, ['routes: duplicate key (line 1, column 14)']],
      [
        '{"a":{"b":1,"b":{"c":[{"d":"{,\\"d\\":","d":2}]}},"d":3}',
        ['a.b: duplicate key (line 1, column 13)', 'a.b.c[0].d: duplicate key (line 1, column 39)'],
      ],
      [
        '\uFEFF{"services":[{"methods":[],"methods":[]}]}',
        ['services[0].methods: duplicate key (line 1, column 28)'],
      ],
    ])('finds the duplicate keys of %j', (text, faults) => {
      const found = errorOf(text)
        .message.split('\n')
        .filter((line) => line.includes('duplicate key'));
      expect(found).toEqual(faults.map((fault) => `  - ${fault}`));
    });

    it.each([
      ['', 'at line 1, column 1'],
      ['{\n', 'at line 2, column 1'],
      [`${JSON.stringify(MANIFEST)}\n{}`, 'at line 2, column 1'],
      ['null x', 'at line 1, column 6'],
      ['{"schema": "a",\n "b" 3}', 'at line 2, column 6'],
      ["\uFEFF{'a':1}", 'at line 1, column 2'],
      ['DB_PASSWORD=TOPSECRET', 'at line 1, column 1'],
      ['at position 7', 'at line 1, column 1'],
    ])('refuses %j, which is not JSON', (text, place) => {
      const error = errorOf(text);
      expect(error.message).toBe(`gateway manifest ${FILE}: not valid JSON ${place}`);
      expect(error.cause).toBeUndefined();
    });

    it.each([
      ['the bootstrap file', '{"app":{"id":"1","secret":"TOPSECRET"},"server_port":10500}'],
      ['a list', '["TOPSECRET"]'],
      ['a text', '"TOPSECRET"'],
      [
        'the list of something else',
        '{"services":[{"name":{"token":"TOPSECRET"},"key":"TOPSECRET"},"TOPSECRET"]}',
      ],
      ['a map of services', '{"services":{"auth":"TOPSECRET"},"routes":"TOPSECRET"}'],
      ['variables', 'TOPSECRET=a'],
      ['a file cut off', '{"app":{"secret":"TOPSECRET'],
      ['a file with a slip', '{"app":{"secret":"TOPSECRET" x}}'],
    ])('shows no content of %s that is given by mistake', (_what, text) => {
      const error = errorOf(text);
      expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error.faults)).not.toMatch(
        /TOPSECRET|TOPSEC/,
      );
    });

    it.each(['null', '3', '"x"', '[]'])('refuses %s, which is not an object', (text) => {
      expect(errorOf(text).faults.length).toBeGreaterThan(0);
    });

    it('refuses what is nested too deep to be searched for duplicate keys', () => {
      const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
      const { faults } = errorOf(`{"routes":[],"routes":[${deep}]}`);
      expect(faults.map(({ path }) => path)).toEqual([
        'routes',
        'schema',
        'services',
        'routes[0].http_method',
        'routes[0].path',
      ]);
    });

    it('lists the first hundred faults', () => {
      const routes = Array.from({ length: 1_000 }, () => 'x');
      const error = errorOf(JSON.stringify({ ...MANIFEST, routes }));
      expect(error.faults).toHaveLength(1_000);
      expect(error.message.split('\n')).toHaveLength(102);
      expect(error.message).toMatch(/… and 900 more$/);
    });
  });

  it('reads what formatGatewayManifest writes, and writes the same again', () => {
    fc.assert(
      fc.property(gatewayManifests, (manifest) => {
        const text = formatGatewayManifest(manifest);
        const parsed = parseGatewayManifest(text, FILE);
        expect(parsed).toEqual(manifest);
        expect(formatGatewayManifest(parsed)).toBe(text);
        expect(methodsOf(parsed)).toEqual([...new Set(methodsOf(parsed))].sort());
      }),
    );
  });

  it('throws nothing but a GatewayManifestError, whatever the text', () => {
    const json = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record(
          {
            schema: fc.oneof(fc.constant('firefly.gateway.manifest.v1'), fc.jsonValue()),
            services: fc.oneof(
              fc.jsonValue(),
              fc.array(fc.record({ name: fc.jsonValue(), methods: fc.jsonValue() })),
            ),
            routes: fc.oneof(
              fc.jsonValue(),
              fc.array(fc.record({ http_method: fc.string(), path: fc.jsonValue() })),
            ),
          },
          { requiredKeys: [] },
        )
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(json, (text) => {
        try {
          parseGatewayManifest(text, FILE);
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayManifestError);
        }
      }),
    );
  });
});
