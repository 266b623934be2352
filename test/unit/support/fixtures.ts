import type { SidecarAgentOptions } from '../../../lib/options/sidecar-agent-options.interface.js';
import type { ServiceNode } from '../../../lib/node/service-node.js';

/** The options that a gRPC service cannot do without. */
export const MINIMAL: SidecarAgentOptions = {
  app: { id: '10001', name: 'auth-center', env: 'prod', version: 'v1.3.4' },
  service: { name: 'auth' },
  grpc: { package: 'acme.auth.v1', url: '0.0.0.0:10500' },
};

/** The minimal options with some more, or others. */
export function options(more: Partial<SidecarAgentOptions> = {}): SidecarAgentOptions {
  return { ...MINIMAL, ...more };
}

/** A node with every field filled, as a running service would announce it. */
export const NODE: ServiceNode = {
  app: {
    id: '10001',
    name: 'auth-center',
    env: 'prod',
    version: 'v1.3.4',
    instanceId: '0197f3a2-0000-7000-8000-000000000001',
  },
  kernel: { language: 'node', version: 'v22.23.3' },
  service: {
    name: 'auth',
    type: 'svc',
    namespace: 'default',
    clusterDomain: 'cluster.local',
    port: 9090,
    weight: 100,
  },
  protocol: 'grpc',
  serverPort: 10500,
  managedPort: 10501,
  dns: 'auth.default.svc.cluster.local',
  runDate: '2026-11-21T20:05:29Z',
  protoCount: 1,
  methods: ['/acme.auth.v1.AuthService/Login', '/acme.auth.v1.AuthService/Logout'],
  httpRoutes: [],
};

/** What a function throws, for a closer look. */
export function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('it did not throw');
}
