import { describe, expect, it } from '@jest/globals';
import { SidecarAgentError } from '../../../../lib/errors/sidecar-agent.error.js';
import { identityOf } from '../../../../lib/agent/protocol/dialect.js';
import { dialects } from '../../../../lib/agent/protocol/dialects.js';
import { flatDialect } from '../../../../lib/agent/protocol/flat-dialect.js';
import { NODE, thrownBy } from '../../fixtures/fixtures.js';

const REQUEST = { ...identityOf(NODE), gracePeriod: 90_000 };

describe('flatDialect', () => {
  it('writes a register byte for byte, with the port of this process', () => {
    expect(flatDialect.register(NODE)).toBe(
      '{"app_id":"10001","app_name":"auth-center","name":"auth","namespace":"default","port":10500,' +
        '"dns":"auth.default.svc.cluster.local","env":"prod","weight":100,"protocol":"grpc",' +
        '"kernel":{"language":"node","version":"v22.23.3"},' +
        '"methods":["/acme.auth.v1.AuthService/Login","/acme.auth.v1.AuthService/Logout"],"version":"v1.3.4"}',
    );
  });

  it.each(['', '  '])('writes the name of the service if the app is named %p', (name) => {
    const text = flatDialect.register({ ...NODE, app: { ...NODE.app, name } });
    expect(text).toContain('"app_name":"auth","name":"auth"');
  });

  it('writes no secret, instance id, run date or route', () => {
    const app = { ...NODE.app, secret: 'c0rrect-h0rse' };
    const httpRoutes = [{ httpMethod: 'GET', path: '/v1/auth' }];
    expect(flatDialect.register({ ...NODE, app, httpRoutes })).toBe(flatDialect.register(NODE));
    for (const word of ['secret', 'instance', '0197f3a2', 'run_date', 'route']) {
      expect(flatDialect.register(NODE)).not.toContain(word);
    }
  });

  it('throws if the service has no method', () => {
    const http = { ...NODE, protocol: 'http', methods: [], protoCount: 0 } as const;
    const thrown = thrownBy(() => flatDialect.register(http));
    expect(thrown).toBeInstanceOf(SidecarAgentError);
    expect(thrown).toMatchObject({ kind: 'runtime_error' });
    expect(String(thrown)).toContain('flat dialect, which cannot register "auth"');
  });

  it('writes a drain byte for byte', () => {
    expect(flatDialect.drain(REQUEST)).toBe('{"name":"auth","port":10500,"grace_period":"1m30s"}');
  });

  it('writes a deregister byte for byte', () => {
    expect(flatDialect.deregister(REQUEST)).toBe('{"name":"auth","port":10500}');
  });

  it('has a name in dialects', () => {
    expect(dialects.flat).toBe(flatDialect);
  });
});
