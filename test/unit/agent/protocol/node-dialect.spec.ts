import { describe, expect, it } from '@jest/globals';
import { identityOf } from '../../../../lib/agent/protocol/dialect.js';
import { dialects } from '../../../../lib/agent/protocol/dialects.js';
import { nodeDialect } from '../../../../lib/agent/protocol/node-dialect.js';
import { NODE } from '../../fixtures/fixtures.js';

const REQUEST = { ...identityOf(NODE), gracePeriod: 20_000 };

describe('nodeDialect', () => {
  it('writes a register byte for byte', () => {
    const http = {
      httpMethod: 'POST',
      path: '/v1/auth/login',
      fullMethod: '/acme.auth.v1.AuthService/Login',
    };
    expect(nodeDialect.register({ ...NODE, httpRoutes: [http] })).toBe(
      '{"app":{"id":"10001","env":"prod","name":"auth-center","secret":"","version":"v1.3.4","instance_id":"0197f3a2-0000-7000-8000-000000000001"},' +
        '"kernel":{"language":"node","version":"v22.23.3"},' +
        '"service":{"name":"auth","type":"svc","namespace":"default","cluster_domain":"cluster.local","port":9090,"weight":100},' +
        '"protocol":"grpc","server_port":10500,"managed_port":10501,' +
        '"dns":"auth.default.svc.cluster.local","run_date":"2026-11-21T20:05:29Z","proto_count":1,' +
        '"methods":["/acme.auth.v1.AuthService/Login","/acme.auth.v1.AuthService/Logout"],' +
        '"http_routes":[{"http_method":"POST","path":"/v1/auth/login","full_method":"/acme.auth.v1.AuthService/Login"}]}',
    );
  });

  it('leaves http_routes out if there are none, and full_method if a route has none', () => {
    expect(JSON.parse(nodeDialect.register(NODE))).not.toHaveProperty('http_routes');
    const proxied = nodeDialect.register({ ...NODE, httpRoutes: [{ httpMethod: 'GET', path: '/a' }] });
    expect(proxied).toMatch(/"http_routes":\[\{"http_method":"GET","path":"\/a"\}\]\}$/);
  });

  it('writes the target of a proxy route', () => {
    const to = (route: object) =>
      nodeDialect.register({ ...NODE, httpRoutes: [{ httpMethod: 'GET', path: '/a', ...route }] });
    expect(to({ upstreamPath: '/b' })).toContain('{"http_method":"GET","path":"/a","upstream_path":"/b"}');
    expect(to({ stripPrefix: true })).toContain('{"http_method":"GET","path":"/a","strip_prefix":true}');
    expect(to({ stripPrefix: false })).toContain('{"http_method":"GET","path":"/a"}');
  });

  it('keeps empty lists and zeros', () => {
    const text = nodeDialect.register({ ...NODE, managedPort: 0, protoCount: 0, methods: [] });
    expect(text).toContain('"managed_port":0,');
    expect(text).toContain('"proto_count":0,"methods":[]');
  });

  it('never writes the secret', () => {
    const app = { ...NODE.app, secret: 'c0rrect-h0rse' };
    const text = nodeDialect.register({ ...NODE, app });
    expect(text).toContain('"secret":""');
    expect(text).not.toContain('c0rrect-h0rse');
  });

  it('copies known fields alone', () => {
    const more = { ...NODE, extra: 1, kernel: { ...NODE.kernel, arch: 'arm64' } };
    expect(nodeDialect.register(more)).toBe(nodeDialect.register(NODE));
  });

  it('writes the same node the same way each time', () => {
    expect(nodeDialect.register(structuredClone(NODE))).toBe(nodeDialect.register(NODE));
  });

  it('writes a drain byte for byte', () => {
    expect(nodeDialect.drain(REQUEST)).toBe(
      '{"app_id":"10001","app_instance_id":"0197f3a2-0000-7000-8000-000000000001","service_name":"auth","grace_period":"20s"}',
    );
  });

  it('writes a deregister byte for byte, with the port of this process', () => {
    expect(nodeDialect.deregister(REQUEST)).toBe(
      '{"app_id":"10001","app_instance_id":"0197f3a2-0000-7000-8000-000000000001","service_name":"auth","service_port":10500}',
    );
  });

  it('has a name in dialects', () => {
    expect(dialects.node).toBe(nodeDialect);
  });
});

describe('identityOf', () => {
  it('returns the app, the instance, the service and the port of this process', () => {
    expect(identityOf(NODE)).toEqual({
      appId: '10001',
      appInstanceId: '0197f3a2-0000-7000-8000-000000000001',
      serviceName: 'auth',
      servicePort: 10500,
    });
  });
});
