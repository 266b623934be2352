import { describe, expect, it } from '@jest/globals';
import fc from '../../support/fast-check.js';
import { buildServiceNode, type ServiceNodeIdentity } from '../../../lib/service/build-service-node.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { flatDialect } from '../../../lib/agent/protocol/flat-dialect.js';
import { nodeDialect } from '../../../lib/agent/protocol/node-dialect.js';
import { MINIMAL, NODE } from '../fixtures/fixtures.js';

const { app, kernel, service, protocol, serverPort, managedPort, dns } = NODE;
const IDENTITY: ServiceNodeIdentity = { app, kernel, service, protocol, serverPort, managedPort, dns };
const NOW = new Date('2026-11-21T20:05:29.987Z');

describe('buildServiceNode', () => {
  it('joins what the options give and what the server serves', () => {
    expect(buildServiceNode(IDENTITY, NODE.methods, [], NOW)).toEqual(NODE);
  });

  it('sorts the methods and removes duplicates', () => {
    const methods = ['/b.B/Two', '/a.A/Two', '/b.B/One', '/a.A/Two', '/a.A/one', '/a.A/One'];
    expect(buildServiceNode(IDENTITY, methods, [], NOW).methods).toEqual([
      '/a.A/One',
      '/a.A/Two',
      '/a.A/one',
      '/b.B/One',
      '/b.B/Two',
    ]);
    expect(methods[0]).toBe('/b.B/Two');
  });

  it.each([
    [[], 0],
    [['/a.A/One', '/a.A/Two'], 1],
    [['/a.A/One', '/a.AB/One', '/b.A/One', '/a.A/Two'], 3],
  ])('counts the services of %j', (methods, count) => {
    expect(buildServiceNode(IDENTITY, methods, [], NOW).protoCount).toBe(count);
  });

  it.each([
    ['2026-11-21T20:05:29.987Z', '2026-11-21T20:05:29Z'],
    ['2026-11-21T20:05:29.000Z', '2026-11-21T20:05:29Z'],
    ['2026-11-21T22:05:29+02:00', '2026-11-21T20:05:29Z'],
  ])('writes the time %s as %s', (moment, runDate) => {
    expect(buildServiceNode(IDENTITY, [], [], new Date(moment)).runDate).toBe(runDate);
  });

  it('returns frozen objects', () => {
    const node = buildServiceNode(IDENTITY, NODE.methods, [], NOW);
    expect([node, node.methods, node.httpRoutes].every(Object.isFrozen)).toBe(true);
  });

  it('ignores unknown fields of the identity', () => {
    const more = { ...IDENTITY, secret: 'x', grpc: {} };
    expect(buildServiceNode(more, NODE.methods, [], NOW)).toEqual(NODE);
  });

  it('gives the same register body for any order of the methods', () => {
    const identity = { ...resolveOptions(MINIMAL).identity, serverPort };
    const method = fc.stringMatching(/^\/[a-c]\.[A-C]\/[a-cA-C]$/);
    const shuffled = fc
      .array(method, { minLength: 1 })
      .chain((methods) =>
        fc.tuple(
          fc.constant(methods),
          fc.shuffledSubarray(methods, { minLength: methods.length }),
          fc.subarray(methods),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([methods, others, repeats]) => {
        const one = buildServiceNode(identity, methods, [], NOW);
        const other = buildServiceNode(identity, [...others, ...repeats], [], NOW);
        expect(nodeDialect.register(other)).toBe(nodeDialect.register(one));
        expect(flatDialect.register(other)).toBe(flatDialect.register(one));
        expect(new Set(one.methods)).toEqual(new Set(methods));
        expect(one.protoCount).toBe(new Set(methods.map((each) => each.split('/')[1])).size);
      }),
    );
  });
});
