import type { AgentInstance } from '../../../lib/testing/index.js';

const AT = new Date('2026-11-21T20:05:29.000Z');

/** An instance as an agent holds it, with what a test changes of it. */
export function agentInstance(change: Partial<AgentInstance> = {}): AgentInstance {
  const state = change.state ?? 'Serving';
  return {
    dialect: 'flat',
    appId: '10001',
    name: 'auth',
    namespace: 'default',
    env: 'prod',
    version: 'v1.3.4',
    dns: 'auth.default.svc.cluster.local',
    protocol: 'grpc',
    weight: 100,
    port: 10500,
    servicePort: 10500,
    methods: ['/acme.auth.v1.AuthService/Login'],
    httpRoutes: [],
    request: {},
    instanceId: 'one',
    state,
    history: [{ state, at: AT }],
    replays: 0,
    registeredAt: AT,
    updatedAt: AT,
    ...change,
  };
}
