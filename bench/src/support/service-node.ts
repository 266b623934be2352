import { buildServiceNode } from '../../../build/service/build-service-node.js';
import { nodeDialect } from '../../../build/agent/protocol/node-dialect.js';
import type { ServiceNode } from 'nestjs-sidecar-agent';

const IDENTITY = {
  app: { id: '10001', name: 'bench-center', env: 'bench', version: 'v1.0.0', instanceId: 'bench-1' },
  kernel: { language: 'node', version: process.version },
  service: {
    name: 'bench',
    type: 'svc',
    namespace: 'default',
    clusterDomain: 'cluster.local',
    port: 9090,
    weight: 100,
  },
  protocol: 'grpc',
  serverPort: 10500,
  managedPort: 0,
  dns: 'bench.default.svc.cluster.local',
} as const;

/** Builds a node with these methods, like the module. */
export function nodeOf(methods: readonly string[]): ServiceNode {
  return buildServiceNode(IDENTITY, methods, [], new Date());
}

/** Returns the body of a register. */
export function bytesOf(node: ServiceNode): Buffer {
  return Buffer.from(nodeDialect.register(node));
}
