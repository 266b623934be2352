import { describe, expect, it } from '@jest/globals';
import fc from '../../support/fast-check.js';
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
/** Services that protos may declare: in any package or none, with the given annotations. */
function declared(annotation: fc.Arbitrary<unknown>): fc.Arbitrary<ProtoService[]> {
  const service = fc
    .tuple(
      fc.array(word, { maxLength: 2 }),
      word,
      fc.dictionary(word, annotation, { maxKeys: 4 }),
      fc.boolean(),
    )
    .map(([packages, name, rpcs, isGiven]) => {
      const fullName = [...packages, name].join('.');
      const rules = Object.entries(rpcs).map(([rpc, each]) => [`/${fullName}/${rpc}`, each] as const);
      return { name: fullName, packageName: packages.join('.'), isGiven, rules: new Map(rules) };
    });
  return fc.uniqueArray(service, { selector: ({ name }) => name, maxLength: 5 });
}

function methodsGiven(services: readonly ProtoService[]): string[] {
  return services.filter(({ isGiven }) => isGiven).flatMap(({ rules }) => [...rules.keys()]);
}

function expectBuilt(services: readonly ProtoService[]): void {
  const manifest = buildManifest(services, []);
  expect(parseGatewayManifest(formatGatewayManifest(manifest), 'm.json')).toEqual(manifest);
  expect(methodsOf(manifest)).toEqual(methodsGiven(services).sort());
}

describe('buildManifest', () => {
  it('builds manifests that the reader accepts, or throws a CliError', () => {
    fc.assert(
      fc.property(declared(rule), (services) => {
        try {
          expectBuilt(services);
        } catch (error) {
          if (!(error instanceof CliError)) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('builds a manifest of all services with an rpc if no annotation has a fault', () => {
    const services = declared(fc.constantFrom(undefined, 'get', 'put', 'post', 'delete', 'patch'))
      .filter((found) => methodsGiven(found).length > 0)
      .map((found) => found.map((service) => ({ ...service, rules: withOwnPaths(service.rules) })));
    fc.assert(fc.property(services, expectBuilt), { numRuns: 300 });
  });
});

/** Makes annotations of verbs. A method's path is its full name, so no two routes are equal. */
function withOwnPaths(verbs: ProtoService['rules']): ProtoService['rules'] {
  return new Map([...verbs].map(([method, verb]) => [method, verb && { [verb as string]: method }]));
}
