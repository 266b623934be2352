import { describe, expect, it } from '@jest/globals';
import { completeEndpoint, endpointFaults } from '../../../lib/options/agent-endpoint.js';
import { ownFaults } from '../../../lib/options/own-faults.js';
import { MINIMAL } from '../fixtures/fixtures.js';

type EndpointOptions = Parameters<typeof completeEndpoint>[0];

function resolve(options: EndpointOptions) {
  const faults = [...ownFaults({ ...MINIMAL, ...options }), ...endpointFaults(options)];
  return { endpoint: completeEndpoint(options), faults };
}

const pathsOf = (options: EndpointOptions) => resolve(options).faults.map((fault) => fault.path);

describe('the address of the agent', () => {
  it('calls the loopback address and the path /watch by default', () => {
    expect(resolve({})).toEqual({
      endpoint: {
        origin: 'http://127.0.0.1:15010',
        basePath: '',
        watchPath: '/watch',
        socketPath: undefined,
        headers: {},
        tls: undefined,
      },
      faults: [],
    });
  });

  it.each([
    ['http://127.0.0.1:18600', 'http://127.0.0.1:18600', '', '/watch'],
    ['http://localhost/', 'http://localhost', '', '/watch'],
    ['http://localhost:80', 'http://localhost', '', '/watch'],
    ['https://[::1]:8443', 'https://[::1]:8443', '', '/watch'],
    ['HTTP://LocalHost:1', 'http://localhost:1', '', '/watch'],
    ['http://agent:1/mesh', 'http://agent:1', '/mesh', '/mesh/watch'],
    ['http://agent:1/mesh/admin///', 'http://agent:1', '/mesh/admin', '/mesh/admin/watch'],
    ['http://localhost:10080', 'http://localhost:10080', '', '/watch'],
  ])('reads the baseUrl %s', (baseUrl, origin, basePath, watchPath) => {
    const { endpoint, faults } = resolve({ baseUrl });
    expect(faults).toEqual([]);
    expect(endpoint).toMatchObject({ origin, basePath, watchPath });
  });

  it.each([
    ['/events', '/mesh/events'],
    ['/events?verbose=1', '/mesh/events?verbose=1'],
    ['http://agent:1/events', '/events'],
    ['http://agent:1/events?a=b&c=d#part', '/events?a=b&c=d'],
    ['http://agent:1', '/'],
    ['//elsewhere/watch', '/mesh//elsewhere/watch'],
  ])('reads the watchUrl %s below http://agent:1/mesh', (watchUrl, watchPath) => {
    const { endpoint, faults } = resolve({ baseUrl: 'http://agent:1/mesh', watchUrl });
    expect(faults).toEqual([]);
    expect(endpoint).toMatchObject({ origin: 'http://agent:1', basePath: '/mesh', watchPath });
  });

  it.each(['agent', '127.0.0.1:15010', 'ftp://agent', 'unix:/run/agent.sock', 'http://', 'http://a b'])(
    'refuses the baseUrl %j',
    (baseUrl) => {
      const { faults } = resolve({ baseUrl });
      expect(faults).toEqual([
        {
          path: 'baseUrl',
          message: `must be an http or https URL such as "http://127.0.0.1:15010", got "${baseUrl}"`,
        },
      ]);
    },
  );

  it('refuses a blank baseUrl', () => {
    expect(resolve({ baseUrl: '' }).faults).toEqual([
      { path: 'baseUrl', message: 'must not be blank, got ""' },
    ]);
  });

  it.each(['watch', 'ws://127.0.0.1:15010/watch'])('refuses the watchUrl %p', (watchUrl) => {
    const { faults } = resolve({ watchUrl });
    expect(faults).toEqual([
      {
        path: 'watchUrl',
        message: `must be an http or https URL such as "http://127.0.0.1:15010", or a path that starts with "/", got "${watchUrl}"`,
      },
    ]);
  });

  it.each(['http://me@agent', 'http://me:secret@agent', 'http://:secret@agent'])(
    'refuses user info, without repeating it: %s',
    (baseUrl) => {
      const { faults } = resolve({ baseUrl });
      expect(faults).toEqual([
        { path: 'baseUrl', message: 'must have no user info; send credentials with the option headers' },
      ]);
    },
  );

  it('refuses user info in the watchUrl', () => {
    expect(pathsOf({ watchUrl: 'http://me:secret@127.0.0.1:15010/watch' })).toEqual(['watchUrl']);
  });

  it.each(['http://agent/?a=b', 'http://agent/#a', 'http://agent?a'])(
    'refuses a query or fragment of baseUrl: %s',
    (baseUrl) => {
      expect(resolve({ baseUrl }).faults).toEqual([
        { path: 'baseUrl', message: 'must have no query and no fragment' },
      ]);
    },
  );

  it.each([
    'http://127.0.0.1:15011/watch',
    'https://127.0.0.1:15010/watch',
    'http://localhost:15010/watch',
    'http://127.0.0.1/watch',
  ])('refuses a watchUrl of another origin: %s', (watchUrl) => {
    const { faults } = resolve({ watchUrl });
    expect(faults.map((fault) => fault.path)).toEqual(['watchUrl']);
    expect(faults[0]?.message).toContain('http://127.0.0.1:15010');
  });

  it('accepts TLS options with https only', () => {
    const tls = { servername: 'agent' };
    expect(resolve({ baseUrl: 'https://agent', tls }).faults).toEqual([]);
    expect(resolve({ baseUrl: 'https://agent', tls }).endpoint.tls).toEqual(tls);
    expect(resolve({ tls }).faults).toEqual([
      { path: 'tls', message: 'has no effect on http://: give an https baseUrl or leave it out' },
    ]);
    expect(pathsOf({ baseUrl: 'http://agent', tls: {} })).toEqual(['tls']);
  });

  it('copies the headers, so that a later change has no effect', () => {
    const headers: Record<string, string> = { authorization: 'Bearer token' };
    const { endpoint } = resolve({ headers });
    headers.authorization = 'Bearer other';
    expect(endpoint.headers).toEqual({ authorization: 'Bearer token' });
    expect(Object.isFrozen(endpoint.headers)).toBe(true);
  });

  it('keeps the socketPath', () => {
    expect(resolve({ socketPath: '/run/agent.sock' }).endpoint.socketPath).toBe('/run/agent.sock');
  });
});
