import { describe, expect, it } from '@jest/globals';
import { InvalidOptionsError } from '../../../lib/errors/invalid-options.error.js';
import { checkServiceChanges } from '../../../lib/service/check-service-changes.js';
import { thrownBy } from '../fixtures/fixtures.js';

const ROUTE = { httpMethod: 'GET', path: '/a', fullMethod: '/a.A/B' };

/** Returns the faults of any changes, as a JavaScript caller might give them. */
function faultsOf(given: object, protocol: 'grpc' | 'http' = 'grpc'): string[] {
  const thrown = thrownBy(() => checkServiceChanges(given, protocol));
  if (!(thrown instanceof InvalidOptionsError)) throw thrown;
  return thrown.faults.map(({ path, message }) => `${path}: ${message}`);
}

describe('checkServiceChanges', () => {
  it('names every unknown change', () => {
    const unknown = 'unknown change: use weight, methods, httpRoutes';
    expect(faultsOf({ wieght: 1, serverPort: 1 })).toEqual([
      `wieght: ${unknown} (did you mean \`weight\`?)`,
      `serverPort: ${unknown}`,
    ]);
  });

  it('names every unknown property of a route', () => {
    expect(faultsOf({ httpRoutes: [ROUTE, { ...ROUTE, path: '/b', body: '*', host: 'a' }] })).toEqual([
      'httpRoutes.1.body: unknown property: use httpMethod, path, fullMethod, upstreamPath, stripPrefix',
      'httpRoutes.1.host: unknown property: use httpMethod, path, fullMethod, upstreamPath, stripPrefix',
    ]);
  });

  it.each([null, 1])('refuses %p', (given) => {
    expect(faultsOf(given as unknown as object)).toEqual([`changes: must be an object, got ${given}`]);
  });

  it('accepts an empty list of methods for an http service, as the options do', () => {
    expect(checkServiceChanges({ methods: [] }, 'http')).toEqual({ methods: [] });
    expect(faultsOf({ methods: ['/a.A/B'] }, 'http')).toEqual([
      'methods: must be left out for an http service, which has no gRPC methods',
    ]);
  });

  it('refuses a weight that the agent would refuse, and that alone', () => {
    const kind = { name: 'Consul agent', heaviest: 65_535 };
    expect(checkServiceChanges({ weight: 65_535 }, 'grpc', kind)).toEqual({ weight: 65_535 });
    expect(checkServiceChanges({ weight: 65_536 }, 'grpc')).toEqual({ weight: 65_536 });
    expect(() => checkServiceChanges({ weight: 65_536 }, 'grpc', kind)).toThrow(
      'weight: must be at most 65535 at a Consul agent, got 65536',
    );
  });

  it('refuses an empty list of methods for a gRPC service', () => {
    expect(faultsOf({ methods: [] })).toEqual([
      'methods: must not be empty for a gRPC service: leave it out to keep the registered methods',
    ]);
  });
});
