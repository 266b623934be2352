import { describe, expect, it } from '@jest/globals';
import type { ServiceNode } from '../../lib/service/service-node.js';
import { identityOf } from '../../lib/agent/protocol/dialect.js';
import { dialects } from '../../lib/agent/protocol/dialects.js';
import { type Draft, wireBodies } from './src/wire-bodies.js';

const DRAFT: Draft = {
  appId: 'interop',
  instanceId: '0197f3a2-0000-7000-8000-000000000001',
  name: 'interop-0a1b2c3d',
  port: 40_001,
  dns: 'interop-0a1b2c3d.default.svc.cluster.local',
  weight: 100,
  methods: ['/interop.r0a1b2c3d.v1.EchoService/Ping'],
  runDate: '2026-11-21T20:05:29Z',
};

/** The same service in the library's form. */
const NODE: ServiceNode = {
  app: { id: 'interop', name: 'interop', env: 'interop', version: 'v1.0.0', instanceId: DRAFT.instanceId },
  kernel: { language: 'node', version: process.version },
  service: {
    name: DRAFT.name,
    type: 'svc',
    namespace: 'default',
    clusterDomain: 'cluster.local',
    port: 9090,
    weight: 100,
  },
  protocol: 'grpc',
  serverPort: DRAFT.port,
  managedPort: 0,
  dns: 'interop-0a1b2c3d.default.svc.cluster.local',
  runDate: DRAFT.runDate,
  protoCount: 1,
  methods: DRAFT.methods,
  httpRoutes: [],
};

describe.each(['node', 'flat'] as const)('what the checks send in the %s dialect', (dialect) => {
  const ours = wireBodies[dialect];
  const library = dialects[dialect];

  it('is what a service sends, byte for byte', () => {
    const who = identityOf(NODE);
    expect(JSON.stringify(ours.register(DRAFT))).toBe(library.register(NODE));
    expect(JSON.stringify(ours.drain(DRAFT, '20s'))).toBe(library.drain({ ...who, gracePeriod: 20_000 }));
    expect(JSON.stringify(ours.deregister(DRAFT))).toBe(library.deregister(who));
  });
});
