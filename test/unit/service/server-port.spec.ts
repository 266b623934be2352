import { describe, expect, it } from '@jest/globals';
import { InvalidOptionsError } from '../../../lib/errors/invalid-options.error.js';
import { grpcListening, httpListening, requirePort } from '../../../lib/service/server-port.js';

describe('where a server listens', () => {
  it.each([
    [{ url: 'localhost:10500' }, [10_500]],
    [{ url: 'localhost:0' }, []],
    [{ url: 'unix:/run/auth.sock' }, []],
    [{ url: 'localhost:0', grpcClient: { boundPorts: new Map([['a', { portNumber: 40_123 }]]) } }, [40_123]],
  ])('is told of the gRPC server %j', (server, ports) => {
    expect(grpcListening([server])).toEqual({ protocol: 'gRPC', servers: 1, ports });
  });

  it.each([
    [{ address: () => ({ port: 3000 }) }, [3000]],
    [{ address: () => '/run/http.sock' }, []],
    [{ address: () => null }, []],
    [{}, []],
    [undefined, []],
  ])('is told of the HTTP server %j', (server, ports) => {
    expect(httpListening(server)).toEqual({ protocol: 'HTTP', servers: 1, ports });
  });
});

describe('requirePort', () => {
  it('takes the one there is', () => {
    expect(requirePort({ protocol: 'gRPC', servers: 1, ports: [10_500] })).toBe(10_500);
  });

  it.each([
    ['gRPC', 0, [], /the application has no gRPC server/],
    ['gRPC', 2, [1, 2], /the application has 2 gRPC servers.*the same grpc options object as its server/],
    ['gRPC', 1, [], /the module cannot read the port of the gRPC server/],
    ['HTTP', 1, [], /the HTTP server listens on a Unix socket, or does not listen yet, and so has no port/],
  ] as const)('says why there is none for %s with %d servers', (protocol, servers, ports, why) => {
    const asked = () => requirePort({ protocol, servers, ports });
    expect(asked).toThrow(InvalidOptionsError);
    expect(asked).toThrow(/serverPort: is required/);
    expect(asked).toThrow(why);
  });
});
