import { describe, expect, it } from '@jest/globals';
import fc from '../../../support/fast-check.js';
import { checkHttpRoutes } from '../../../../lib/service/routes/check-http-routes.js';
import type { HttpRoute } from '../../../../lib/service/routes/http-route.js';
import { grpcMethods, httpRoutes } from '../../fixtures/http-routes.js';

const LOGIN = '/acme.auth.v1.AuthService/Login';

/** Returns the faults of routes that TypeScript would not accept. */
function faultsOf(...routes: object[]): string[] {
  return checkHttpRoutes(routes as HttpRoute[]).faults.map(
    ({ index, field, message }) => `${index}.${field} ${message}`,
  );
}

describe('checkHttpRoutes', () => {
  it('writes methods in upper case and keeps path templates as they are', () => {
    const routes = [{ httpMethod: 'get', path: '/v1/{name=shelves/*}/Books:Lend', fullMethod: LOGIN }];
    expect(checkHttpRoutes(routes)).toEqual({
      routes: [{ httpMethod: 'GET', path: '/v1/{name=shelves/*}/Books:Lend', fullMethod: LOGIN }],
      faults: [],
    });
  });

  it('sorts by method, path, full method', () => {
    const sorted = [
      { httpMethod: 'DELETE', path: '/b', fullMethod: '/a.A/B' },
      { httpMethod: 'GET', path: '/B', fullMethod: '/a.A/B' },
      { httpMethod: 'GET', path: '/a', fullMethod: '/z.A/B' },
      { httpMethod: 'POST', path: '/a', fullMethod: '/a.A/B' },
    ];
    expect(checkHttpRoutes([...sorted].reverse()).routes).toEqual(sorted);
    // A duplicate pair of method and path is a fault, but is sorted as well.
    const twins = [
      { httpMethod: 'GET', path: '/a', fullMethod: '/a.A/B' },
      { httpMethod: 'GET', path: '/a', fullMethod: '/a.A/C' },
    ];
    expect(checkHttpRoutes([...twins].reverse()).routes).toEqual(twins);
  });

  it('sorts proxy routes by upstream path and strip prefix, false first', () => {
    const sorted = [
      { httpMethod: 'GET', path: '/a' },
      { httpMethod: 'GET', path: '/a', stripPrefix: true },
      { httpMethod: 'GET', path: '/a', upstreamPath: '/x' },
      { httpMethod: 'GET', path: '/a', upstreamPath: '/y' },
    ];
    expect(checkHttpRoutes([...sorted].reverse()).routes).toEqual(sorted);
  });

  it('omits undefined properties and stripPrefix false', () => {
    const route = { httpMethod: 'GET', path: '/a', fullMethod: undefined, upstreamPath: undefined };
    const { routes, faults } = checkHttpRoutes([{ ...route, stripPrefix: false }]);
    expect(faults).toEqual([]);
    expect(JSON.stringify(routes)).toBe('[{"httpMethod":"GET","path":"/a"}]');
  });

  it.each([
    [{ httpMethod: '' }, '0.httpMethod must be an HTTP method such as "GET", got ""'],
    [{ httpMethod: 'GET ' }, '0.httpMethod must be an HTTP method such as "GET", got "GET "'],
    [{ path: 'v1' }, '0.path must start with "/", got "v1"'],
    [{ path: '' }, '0.path must start with "/", got ""'],
    [{ fullMethod: 'Login' }, '0.fullMethod must look like "/package.Service/Method", got "Login"'],
    [{ fullMethod: '' }, '0.fullMethod must look like "/package.Service/Method", got ""'],
    [
      { fullMethod: LOGIN, upstreamPath: '/x' },
      `0.upstreamPath cannot be combined with a gRPC method, got "/x" and "${LOGIN}"`,
    ],
    [
      { fullMethod: LOGIN, stripPrefix: true },
      `0.stripPrefix cannot be combined with a gRPC method, got true and "${LOGIN}"`,
    ],
    [
      { stripPrefix: true, upstreamPath: '/x' },
      '0.stripPrefix cannot be combined with an upstream path, got true and "/x"',
    ],
    ...['x', '', '/a b', '/a?b', '/a#b', '/a\tb'].map((upstreamPath) => [
      { upstreamPath },
      `0.upstreamPath must start with "/" and have no white space, "?" or "#", got ${JSON.stringify(upstreamPath)}`,
    ]),
    ...[
      ['/straße', 'ß'],
      ['/a b', ' '],
      ['/a?b', '?'],
      ['/a#b', '#'],
      ['/a"b', '"'],
      ['/a[b]', '['],
      ['/{a', '{'],
      ['/a}', '}'],
      ['/{a{b}}', '{'],
      ['/100%', '%'],
      ['/%2', '%'],
      ['/\ud800', '\ud800'],
    ].flatMap(([path = '', found = '']) => [
      [
        { path },
        `0.path must be percent-encoded as RFC 3986 says, got ${JSON.stringify(path)} with ${JSON.stringify(found)}`,
      ],
    ]),
    [
      { upstreamPath: '/straße' },
      '0.upstreamPath must be percent-encoded as RFC 3986 says, got "/straße" with "ß"',
    ],
  ] as [object, string][])('refuses %j', (change, fault) => {
    expect(faultsOf({ httpMethod: 'GET', path: '/a', ...change })).toEqual([fault]);
  });

  it.each(['/stra%C3%9Fe', "/a-._~!$&'()*+,;=:@b", '/v1/{name=shelves/*/books/*}:publish', '/{größe}/**'])(
    'takes the path %s',
    (path) => {
      expect(faultsOf({ httpMethod: 'GET', path }, { httpMethod: 'PUT', path, upstreamPath: path })).toEqual(
        [],
      );
    },
  );

  it('refuses a duplicate pair of method and path, in any case of the method', () => {
    const route = { httpMethod: 'GET', path: '/a', fullMethod: LOGIN };
    expect(faultsOf(route, { ...route, httpMethod: 'get' }, { ...route, path: '/A' })).toEqual([
      '1.path duplicate route "GET /a"',
    ]);
  });

  it('refuses a list of both kinds, at the first route of the second kind', () => {
    const proxy = { httpMethod: 'GET', path: '/a' };
    const transcoding = { httpMethod: 'GET', path: '/b', fullMethod: LOGIN };
    const others = [
      { ...proxy, path: '/c' },
      { ...transcoding, path: '/d' },
    ];
    expect(faultsOf(proxy, transcoding, ...others)).toEqual([
      '1.fullMethod must be left out: all routes must be of one kind, and the first is a proxy route',
    ]);
    expect(faultsOf(transcoding, proxy, ...others)).toEqual([
      '1.fullMethod is required: all routes must be of one kind, and the first is a transcoding route',
    ]);
  });

  it('lists every fault of every route', () => {
    const faults = faultsOf(
      { httpMethod: '', path: 'a' },
      { httpMethod: 'GET', path: 'b', upstreamPath: 'c' },
    );
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      '0.httpMethod',
      '0.path',
      '1.path',
      '1.upstreamPath',
    ]);
  });

  it('cuts a long value', () => {
    const [fault = ''] = faultsOf({ httpMethod: 'GET', path: 'x'.repeat(100_000) });
    expect(fault.length).toBeLessThan(200);
  });

  it('returns frozen objects, and does not change the given ones', () => {
    const given = [
      Object.freeze({ httpMethod: 'get', path: '/b' }),
      Object.freeze({ httpMethod: 'get', path: '/a' }),
    ];
    const { routes } = checkHttpRoutes(Object.freeze(given));
    expect([routes, ...routes].every(Object.isFrozen)).toBe(true);
    expect(given[0]).toEqual({ httpMethod: 'get', path: '/b' });
  });

  it('returns the same for any order, and accepts its own result', () => {
    const shuffled = grpcMethods
      .chain(httpRoutes)
      .chain((routes) =>
        fc.tuple(fc.constant(routes), fc.shuffledSubarray(routes, { minLength: routes.length })),
      );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        const checked = checkHttpRoutes(one);
        expect(checked.faults).toEqual([]);
        expect(checkHttpRoutes(other)).toEqual(checked);
        expect(checkHttpRoutes(checked.routes)).toEqual(checked);
        expect(checked.routes).toHaveLength(one.length);
      }),
    );
  });
});
