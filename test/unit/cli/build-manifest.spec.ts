import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildManifest } from '../../../lib/cli/build-manifest.js';
import { CliError } from '../../../lib/cli/cli.error.js';
import type { ProtoService } from '../../../lib/cli/proto-services.js';
import { formatGatewayManifest } from '../../../lib/service/manifest/format-gateway-manifest.js';
import { methodsOf } from '../../../lib/service/manifest/gateway-manifest.js';
import { parseGatewayManifest } from '../../../lib/service/manifest/parse-gateway-manifest.js';

const word = fc.stringMatching(/^[A-Za-z_]\w{0,4}$/);
const path = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 5 }).map((rest) => `/${rest}`) },
  { weight: 1, arbitrary: fc.string({ maxLength: 3 }) },
);
const binding = fc.oneof(
  fc
    .tuple(fc.constantFrom('get', 'put', 'post', 'delete', 'patch'), path)
    .map(([verb, to]) => ({ [verb]: to })),
  fc.record({ custom: fc.record({ kind: fc.constantFrom('head', '*', 'PURGE'), path }) }),
);
const rule = fc.oneof(
  fc.constant(undefined),
  binding,
  fc.tuple(binding, fc.oneof(binding, fc.array(binding, { maxLength: 3 }))).map(([first, more]) => ({
    ...first,
    additional_bindings: more,
  })),
);
/** Services that protos may declare: in any package or none, with any annotation. */
const services: fc.Arbitrary<ProtoService[]> = fc.uniqueArray(
  fc
    .tuple(fc.array(word, { maxLength: 2 }), word, fc.dictionary(word, rule, { maxKeys: 4 }), fc.boolean())
    .map(([packages, name, rpcs, isGiven]) => {
      const fullName = [...packages, name].join('.');
      const rules = Object.entries(rpcs).map(([rpc, each]) => [`/${fullName}/${rpc}`, each] as const);
      return { name: fullName, packageName: packages.join('.'), isGiven, rules: new Map(rules) };
    }),
  { selector: ({ name }) => name, maxLength: 5 },
);

describe('buildManifest', () => {
  it('builds manifests that the reader accepts, or throws a CliError', () => {
    let taken = 0;
    fc.assert(
      fc.property(services, (found) => {
        let manifest;
        try {
          manifest = buildManifest(found, []);
        } catch (error) {
          expect(error).toBeInstanceOf(CliError);
          return;
        }
        taken += 1;
        expect(parseGatewayManifest(formatGatewayManifest(manifest), 'm.json')).toEqual(manifest);
        const declared = found.filter(({ isGiven }) => isGiven).flatMap(({ rules }) => [...rules.keys()]);
        expect(methodsOf(manifest)).toEqual(declared.sort());
      }),
      { numRuns: 300 },
    );
    expect(taken).toBeGreaterThan(30);
  });
});
