import fc from 'fast-check';
import type { GatewayManifest } from '../../../lib/manifest/gateway-manifest.js';
import { checkHttpRoutes } from '../../../lib/node/check-http-routes.js';
import type { HttpRoute } from '../../../lib/node/http-route.js';

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD', '*'];
const word = fc.stringMatching(/^[A-Za-z][\w]{0,5}$/);
const path = fc.oneof(
  fc.stringMatching(/^\/v1\/[a-z{}=*/:]{0,8}$/),
  fc.string({ maxLength: 6 }).map((rest) => `/${rest}`),
);
const upstream = fc.oneof(
  fc.record({ upstreamPath: fc.stringMatching(/^\/[a-z{}/]{0,6}$/) }),
  fc.record({ stripPrefix: fc.constant(true) }),
  fc.constant({}),
);

/** Full gRPC method paths, of several services. */
export const grpcMethods = fc.uniqueArray(
  fc.tuple(word, word, word).map(([pkg, service, rpc]) => `/${pkg}.${service}/${rpc}`),
  { minLength: 1, maxLength: 8 },
);

/** Routes without a fault, in any order, that lead to these methods, or proxy routes. */
export function httpRoutes(methods: readonly string[]): fc.Arbitrary<HttpRoute[]> {
  const key = fc.record({ httpMethod: fc.constantFrom(...METHODS), path });
  const leading = fc.record({ fullMethod: fc.constantFrom(...methods) });
  const listOf = (more: fc.Arbitrary<object>) =>
    fc.uniqueArray(
      fc.tuple(key, more).map(([route, rest]) => ({ ...route, ...rest })),
      { selector: (route) => `${route.httpMethod} ${route.path}`, maxLength: 8 },
    );
  return fc.oneof(listOf(leading), listOf(upstream));
}

/** Manifests that keep the rules. */
export const gatewayManifests: fc.Arbitrary<GatewayManifest> = grpcMethods.chain((methods) => {
  const names = [...new Set(methods.map((method) => method.split('/')[1] ?? ''))].sort();
  return httpRoutes(methods).map((routes) => ({
    services: names.map((name) => ({
      name,
      methods: methods.filter((method) => method.startsWith(`/${name}/`)).sort(),
    })),
    routes: checkHttpRoutes(routes).routes,
  }));
});
