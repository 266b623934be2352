import { describe, expect, it } from '@jest/globals';
import { InvalidOptionsError } from '../../../lib/errors/invalid-options.error.js';
import { grpcListening, httpListening, requirePort } from '../../../lib/service/server-port.js';

describe('grpcListening and httpListening', () => {
  it.each([
    [{ url: 'localhost:10500' }, [10_500]],
    [{ url: 'localhost:0' }, []],
    [{ url: 'unix:/run/auth.sock' }, []],
    [{ url: 'localhost:0', grpcClient: { boundPorts: new Map([['a', { portNumber: 40_123 }]]) } }, [40_123]],
  ])('read the port of the gRPC server %j', (server, ports) => {
    expect(grpcListening([server])).toEqual({ protocol: 'gRPC', servers: 1, ports });
  });

  it.each([
    [{ address: () => ({ port: 3000 }) }, [3000]],
    [{ address: () => '/run/http.sock' }, []],
    [{ address: () => null }, []],
    [{}, []],
    [undefined, []],
  ])('read the port of the HTTP server %j', (server, ports) => {
    expect(httpListening(server)).toEqual({ protocol: 'HTTP', servers: 1, ports });
  });
});

describe('requirePort', () => {
  it('returns the port of the only server', () => {
    expect(requirePort({ protocol: 'gRPC', servers: 1, ports: [10_500] })).toBe(10_500);
  });

  it('says that a Unix socket has no port', () => {
    const listening = { protocol: 'gRPC', servers: 1, ports: [] } as const;
    expect(() => requirePort(listening, 'unix:/run/auth.sock')).toThrow(
      'serverPort: is required: the gRPC server listens on a Unix socket (unix:/run/auth.sock), which has no port. Give the port that something forwards to it',
    );
  });

  it.each([
    ['gRPC', 0, [], /the application has no gRPC server/],
    ['gRPC', 2, [1, 2], /the application has 2 gRPC servers.*the same grpc options object as its server/],
    ['gRPC', 1, [], /the module cannot read the port of the gRPC server/],
    ['HTTP', 1, [], /the HTTP server has no port \(it listens on a Unix socket, or does not listen yet\)/],
  ] as const)('says why the port of %s with %d servers is unknown', (protocol, servers, ports, why) => {
    const asked = () => requirePort({ protocol, servers, ports });
    expect(asked).toThrow(InvalidOptionsError);
    expect(asked).toThrow(/serverPort: is required/);
    expect(asked).toThrow(why);
  });
});
