import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { flatRegister, nodeRegister } from './support/bodies.js';

const LOGIN = '/acme.auth.v1.AuthService/Login';
const ROUTE = { http_method: 'POST', path: '/v1/login', full_method: LOGIN };
const PROXY = { http_method: 'GET', path: '/ui', strip_prefix: true };

describe('EmbeddedAgent and HTTP routes', () => {
  let agent: EmbeddedAgent;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(() => agent.stop());

  async function register(http_routes: unknown, body = nodeRegister(10500, { http_routes })) {
    const answer = await fetch(`${agent.url}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, ...((await answer.json()) as { code?: string; message?: string }) };
  }

  async function shown(): Promise<unknown> {
    const answer = await fetch(`${agent.url}/debug/services`);
    return ((await answer.json()) as { services: { http_routes?: unknown }[] }).services[0]?.http_routes;
  }

  it('accepts transcoding routes, and shows them unchanged', async () => {
    expect(await register([ROUTE])).toMatchObject({ status: 200 });
    expect(agent.services()[0]?.httpRoutes).toEqual([
      { httpMethod: 'POST', path: '/v1/login', fullMethod: LOGIN },
    ]);
    expect(await shown()).toEqual([ROUTE]);
  });

  it('accepts proxy routes', async () => {
    const routes = [
      PROXY,
      { http_method: 'GET', path: '/api', upstream_path: '/v1' },
      { http_method: 'GET', path: '/' },
    ];
    expect(await register(routes)).toMatchObject({ status: 200 });
    expect(agent.services()[0]?.httpRoutes).toEqual([
      { httpMethod: 'GET', path: '/ui', stripPrefix: true },
      { httpMethod: 'GET', path: '/api', upstreamPath: '/v1' },
      { httpMethod: 'GET', path: '/' },
    ]);
    expect(await shown()).toEqual(routes);
  });

  it.each([[undefined], [null], [[]]])('accepts %j as no routes, and shows none', async (routes) => {
    expect(await register(routes)).toMatchObject({ status: 200 });
    expect(agent.services()[0]?.httpRoutes).toEqual([]);
    expect(await shown()).toBeUndefined();
  });

  it('ignores those of a flat register', async () => {
    expect(await register([], flatRegister(10500, { http_routes: [ROUTE] }))).toMatchObject({ status: 200 });
    expect(agent.services()[0]?.httpRoutes).toEqual([]);
    expect(await shown()).toBeUndefined();
  });

  it.each([
    ['GET', 'http_routes must be an array'],
    [['GET'], 'http_routes[0] must be an object'],
    [[{ ...ROUTE, path: 1 }], 'http_routes[0].path must be a string'],
    [[ROUTE, { ...PROXY, strip_prefix: 'yes' }], 'http_routes[1].strip_prefix must be a boolean'],
  ])('refuses %j for its types', async (routes, message) => {
    expect(await register(routes)).toMatchObject({ status: 400, code: 'invalid_json', message });
    expect(agent.services()).toEqual([]);
  });

  it.each([
    [[{ ...ROUTE, http_method: 'post' }], 'http_routes[0] has no http_method in upper case: "post"'],
    [[{ ...ROUTE, http_method: undefined }], 'http_routes[0] has no http_method in upper case: ""'],
    [[{ ...ROUTE, path: 'v1' }], 'http_routes[0] path is invalid: "v1", expected a leading /'],
    [[{ ...ROUTE, full_method: '/a.A/B' }], 'http_routes[0] full_method "/a.A/B" is not among the methods'],
    [
      [{ ...ROUTE, strip_prefix: true }],
      'http_routes[0] has a full_method, and so neither upstream_path nor strip_prefix',
    ],
    [[{ ...PROXY, upstream_path: '/x' }], 'http_routes[0] has both upstream_path and strip_prefix'],
    [
      [{ http_method: 'GET', path: '/', upstream_path: '/a b' }],
      'http_routes[0] upstream_path is invalid: "/a b"',
    ],
    [[ROUTE, ROUTE], 'http_routes[1] repeats POST /v1/login'],
    [
      [ROUTE, PROXY],
      'http_routes[1] is of another sort than the first: transcoding and proxy routes do not mix',
    ],
  ])('refuses %j', async (routes, message) => {
    expect(await register(routes)).toMatchObject({ status: 400, code: 'register_failed', message });
    expect(agent.services()).toEqual([]);
  });
});
