import { describe, expect, it } from '@jest/globals';
import { InvalidOptionsError } from '../../../lib/errors/invalid-options.error.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import type { SidecarAgentOptions } from '../../../lib/options/sidecar-agent-options.interface.js';
import { MINIMAL, options, thrownBy } from '../fixtures/fixtures.js';

const ROUTE = { httpMethod: 'GET', path: '/a', fullMethod: '/a.A/B' };
const PROXY = { httpMethod: 'GET', path: '/a', stripPrefix: true };
const HTTP = { app: MINIMAL.app, service: MINIMAL.service, protocol: 'http', serverPort: 80 } as const;
const METHODS = { app: MINIMAL.app, service: MINIMAL.service, serverPort: 80, methods: ['/a.A/B'] };
const DEFAULT_PATH = 'dep/protobuf/gen/gateway.manifest.json';

const resolved = (given: SidecarAgentOptions) => {
  const { httpRoutes, gatewayManifest } = resolveOptions(given);
  return { httpRoutes, gatewayManifest };
};

function faultsOf(given: object): string[] {
  const thrown = thrownBy(() => resolveOptions(given as SidecarAgentOptions));
  if (!(thrown instanceof InvalidOptionsError)) throw thrown;
  return thrown.faults.map(({ path, message }) => `${path}: ${message}`);
}

describe('resolveOptions, of HTTP routes', () => {
  it('looks for annotations, and requires them if they are asked for', () => {
    expect(resolved(MINIMAL)).toEqual({ httpRoutes: { from: 'annotations', required: false } });
    expect(resolved(options({ httpRoutes: 'annotations' }))).toEqual({
      httpRoutes: { from: 'annotations', required: true },
    });
  });

  it.each([
    ['if httpRoutes is false', options({ httpRoutes: false })],
    ['if methods are given', METHODS],
  ])('has no routes %s', (_if, given) => {
    expect(resolved(given)).toEqual({ httpRoutes: { from: 'list', routes: [] } });
  });

  it('takes the routes of the controllers for an http service', () => {
    expect(resolved(HTTP)).toEqual({ httpRoutes: { from: 'controllers' } });
  });

  it('reads the manifest that is given, or the default one', () => {
    const manifest = { path: 'm.json', mismatch: 'error' };
    expect(resolved(options({ gatewayManifestPath: 'm.json' }))).toEqual({
      httpRoutes: { from: 'manifest' },
      gatewayManifest: manifest,
    });
    expect(resolved(options({ gatewayManifestPath: 'm.json', httpRoutes: 'manifest' }))).toEqual({
      httpRoutes: { from: 'manifest' },
      gatewayManifest: manifest,
    });
    expect(resolved(options({ httpRoutes: 'manifest', manifestMismatch: 'warn' }))).toEqual({
      httpRoutes: { from: 'manifest' },
      gatewayManifest: { path: DEFAULT_PATH, mismatch: 'warn' },
    });
  });

  it('takes only the methods of a manifest', () => {
    expect(resolved(options({ gatewayManifestPath: 'm.json', httpRoutes: false }))).toEqual({
      httpRoutes: { from: 'list', routes: [] },
      gatewayManifest: { path: 'm.json', mismatch: 'error' },
    });
  });

  it('accepts a list, sorts it and writes methods in upper case', () => {
    const httpRoutes = [
      { ...ROUTE, path: '/b' },
      { ...ROUTE, httpMethod: 'get' },
    ];
    expect(resolved(options({ httpRoutes })).httpRoutes).toEqual({
      from: 'list',
      routes: [ROUTE, { ...ROUTE, path: '/b' }],
    });
    expect(resolved({ ...METHODS, httpRoutes: [ROUTE] }).httpRoutes).toMatchObject({ routes: [ROUTE] });
  });

  it.each([HTTP, MINIMAL])('accepts proxy routes, for gRPC and HTTP services', (given) => {
    expect(resolved({ ...given, httpRoutes: [PROXY] }).httpRoutes).toEqual({ from: 'list', routes: [PROXY] });
  });

  it.each([
    [
      options({ methods: ['/a.A/B'], gatewayManifestPath: 'm.json' }),
      'gatewayManifestPath: cannot be combined with methods: the gateway manifest lists the methods to register',
    ],
    [
      options({ methods: ['/a.A/B'], httpRoutes: 'manifest' }),
      'httpRoutes: cannot be combined with methods: the gateway manifest lists the methods to register',
    ],
    [
      options({ methods: ['/a.A/B'], httpRoutes: 'annotations' }),
      'httpRoutes: cannot be "annotations" together with methods: annotations are read from the rpcs that reflection finds',
    ],
    [
      options({ httpRoutes: 'annotations', gatewayManifestPath: 'm.json' }),
      'httpRoutes: must be "manifest", false or left out if gatewayManifestPath is given',
    ],
    [
      options({ httpRoutes: [ROUTE], gatewayManifestPath: 'm.json' }),
      'httpRoutes: must be "manifest", false or left out if gatewayManifestPath is given',
    ],
    [
      { ...HTTP, gatewayManifestPath: 'm.json' },
      'gatewayManifestPath: is for gRPC services: a gateway manifest declares gRPC methods',
    ],
    [
      { ...HTTP, httpRoutes: 'manifest' },
      'httpRoutes: is for gRPC services: a gateway manifest declares gRPC methods',
    ],
    [
      { ...HTTP, httpRoutes: 'annotations' },
      'httpRoutes: cannot be "annotations" for an http service, which has no protos',
    ],
    [
      { ...HTTP, httpRoutes: [ROUTE] },
      'httpRoutes.0.fullMethod: must be left out for an http service, which has no gRPC methods',
    ],
    [{ ...MINIMAL, gatewayManifestPath: ' ' }, 'gatewayManifestPath: must not be blank, got " "'],
    [{ ...MINIMAL, manifestMismatch: 'ignore' }, 'manifestMismatch: must be "error" or "warn", got "ignore"'],
    ...[
      ['protos', '"protos"'],
      [true, 'true'],
      [{}, 'an object'],
    ].map(([httpRoutes, given]) => [
      { ...MINIMAL, httpRoutes },
      `httpRoutes: must be "annotations", "manifest", false or a list of routes, got ${given as string}`,
    ]),
    [
      { ...MINIMAL, httpRoutes: 'annotation' },
      'httpRoutes: must be "annotations", "manifest", false or a list of routes, got "annotation" (did you mean `annotations`?)',
    ],
    [{ ...MINIMAL, httpRoutes: ['GET /'] }, 'httpRoutes.0: must be an object, got a string of 5 characters'],
    [{ ...MINIMAL, httpRoutes: [{ ...ROUTE, path: 1 }] }, 'httpRoutes.0.path: must be a string, got 1'],
    [{ ...MINIMAL, httpRoutes: [{ ...ROUTE, path: undefined }] }, 'httpRoutes.0.path: is required'],
    [
      { ...MINIMAL, httpRoutes: [{ ...ROUTE, body: '*' }] },
      'httpRoutes.0.body: unknown property: use httpMethod, path, fullMethod, upstreamPath, stripPrefix',
    ],
    ...[MINIMAL, options({ httpRoutes: false }), options({ httpRoutes: [ROUTE] }), METHODS, HTTP].map(
      (given) => [
        { ...given, manifestMismatch: 'warn' },
        'manifestMismatch: has no effect without a gateway manifest: give gatewayManifestPath or httpRoutes: "manifest", or leave it out',
      ],
    ),
    [{ ...MINIMAL, httpRoutes: [ROUTE, ROUTE] }, 'httpRoutes.1.path: duplicate route "GET /a"'],
    [
      { ...MINIMAL, httpRoutes: [ROUTE, { ...PROXY, path: '/b' }] },
      'httpRoutes.1.fullMethod: is required: all routes must be of one kind, and the first is a transcoding route',
    ],
  ] as [object, string][])('refuses %j', (given, fault) => {
    expect(faultsOf(given)).toEqual([fault]);
  });

  it('names every unknown property of a route', () => {
    const httpRoutes = [ROUTE, { ...ROUTE, path: 1, body: '*', host: 'a' }];
    expect(faultsOf({ ...MINIMAL, httpRoutes })).toEqual([
      'httpRoutes.1.path: must be a string, got 1',
      'httpRoutes.1.body: unknown property: use httpMethod, path, fullMethod, upstreamPath, stripPrefix',
      'httpRoutes.1.host: unknown property: use httpMethod, path, fullMethod, upstreamPath, stripPrefix',
    ]);
  });

  it('names the faults of routes in the same error as all others', () => {
    const httpRoutes = [{ httpMethod: 'G T', path: 'a', upstreamPath: 'x', stripPrefix: true }];
    const given = { ...MINIMAL, httpRoutes, dialect: 'go', manifestMismatch: 'no' };
    expect(faultsOf(given).map((fault) => fault.split(': ')[0])).toEqual([
      'manifestMismatch',
      'dialect',
      'httpRoutes.0.httpMethod',
      'httpRoutes.0.path',
      'httpRoutes.0.upstreamPath',
      'httpRoutes.0.stripPrefix',
    ]);
  });
});
