import { expectTypeOf } from 'expect-type';
import {
  type GatewayManifestError,
  type GatewayManifestFault,
  type HttpRoute,
  type HttpRouteOptions,
  type HttpRoutesError,
  protoIncludeDir,
  type ProxyRoute,
  type ServiceNode,
  type SidecarAgentError,
  type SidecarAgentOptions,
  type TranscodingRoute,
} from '../../lib/index.js';
import type { AgentInstance, HttpRoute as AgentHttpRoute } from '../../lib/testing/index.js';

type Given<Name extends keyof SidecarAgentOptions> = NonNullable<SidecarAgentOptions[Name]>;

// What each option takes

expectTypeOf<SidecarAgentOptions>().toExtend<HttpRouteOptions>();
expectTypeOf<Given<'httpRoutes'>>().toEqualTypeOf<
  'annotations' | 'manifest' | false | readonly HttpRoute[]
>();
expectTypeOf<Given<'gatewayManifestPath'>>().toEqualTypeOf<string>();
expectTypeOf<Given<'manifestMismatch'>>().toEqualTypeOf<'error' | 'warn'>();
expectTypeOf(protoIncludeDir).toEqualTypeOf<() => string>();

// What is told

expectTypeOf<ServiceNode['httpRoutes']>().toEqualTypeOf<readonly HttpRoute[]>();
expectTypeOf<AgentInstance['httpRoutes']>().toEqualTypeOf<readonly AgentHttpRoute[]>();
expectTypeOf<AgentHttpRoute>().toEqualTypeOf<HttpRoute>();
expectTypeOf<HttpRoute>().toEqualTypeOf<TranscodingRoute | ProxyRoute>();
expectTypeOf<GatewayManifestError>().toExtend<SidecarAgentError>();
expectTypeOf<GatewayManifestError['file']>().toEqualTypeOf<string>();
expectTypeOf<GatewayManifestError['faults']>().toEqualTypeOf<readonly GatewayManifestFault[]>();
expectTypeOf<HttpRoutesError>().toExtend<SidecarAgentError>();
expectTypeOf<HttpRoutesError['faults']>().toEqualTypeOf<readonly string[]>();

// What users write

const app = { id: '1', name: 'shop', env: 'prod', version: 'v1' };
const base = { app, service: { name: 'cart' }, grpc: { package: 'shop', protoPath: 'cart.proto' } };
const loader = { includeDirs: [protoIncludeDir()] };

export const accepted: SidecarAgentOptions[] = [
  { ...base, grpc: { ...base.grpc, loader } },
  { ...base, httpRoutes: 'annotations' },
  { ...base, httpRoutes: 'manifest', manifestMismatch: 'warn' },
  { ...base, httpRoutes: false, gatewayManifestPath: 'gateway.manifest.json' },
  { ...base, httpRoutes: [{ httpMethod: 'GET', path: '/v1/carts/{id}', fullMethod: '/shop.Cart/Get' }] },
  { ...base, httpRoutes: [{ httpMethod: 'GET', path: '/ui', stripPrefix: true }] },
  { ...base, httpRoutes: [{ httpMethod: 'GET', path: '/ui', upstreamPath: '/' }] },
];

export const refused: SidecarAgentOptions[] = [
  // @ts-expect-error there is no such source
  { ...base, httpRoutes: 'protos' },
  // @ts-expect-error routes are turned off, not on
  { ...base, httpRoutes: true },
  // @ts-expect-error a route has a path
  { ...base, httpRoutes: [{ httpMethod: 'GET' }] },
  // @ts-expect-error names are those of TypeScript, not of the wire
  { ...base, httpRoutes: [{ http_method: 'GET', path: '/' }] },
  // @ts-expect-error what leads to a gRPC method has no path of its own behind it
  { ...base, httpRoutes: [{ httpMethod: 'GET', path: '/', fullMethod: '/a.A/B', upstreamPath: '/' }] },
  // @ts-expect-error a mismatch cannot be ignored
  { ...base, manifestMismatch: 'ignore' },
  // @ts-expect-error there is one manifest
  { ...base, gatewayManifestPath: ['a.json', 'b.json'] },
];
