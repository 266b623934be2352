import { describe, expect, it } from '@jest/globals';
import { boundGrpcPort } from '../../../../lib/service/grpc/bound-grpc-port.js';

const bound = (...ports: unknown[]) => ({
  grpcClient: { boundPorts: new Map(ports.map((portNumber, index) => [`dns:${index}`, { portNumber }])) },
});

describe('boundGrpcPort', () => {
  it('reads the port', () => {
    expect(boundGrpcPort(bound(40_123))).toBe(40_123);
    expect(boundGrpcPort(bound(40_123, 40_123))).toBe(40_123);
  });

  it('reads no port of a Unix socket, for which grpc-js keeps port 1', () => {
    const boundPorts = new Map([['unix:/run/auth.sock', { portNumber: 1 }]]);
    expect(boundGrpcPort({ grpcClient: { boundPorts } })).toBeUndefined();
    boundPorts.set('ipv4:127.0.0.1:40123', { portNumber: 40_123 });
    expect(boundGrpcPort({ grpcClient: { boundPorts } })).toBe(40_123);
  });

  it.each([
    {},
    { grpcClient: null },
    { grpcClient: {} },
    { grpcClient: { boundPorts: null } },
    { grpcClient: { boundPorts: { values: 7 } } },
    { grpcClient: { boundPorts: { values: (): number => 7 } } },
    { grpcClient: { boundPorts: new Map([['a', null]]) } },
    bound(),
    bound(0),
    bound(-1),
    bound(65_536),
    bound('40123'),
    bound(1.5),
    bound(1, 2),
  ])('returns undefined for %j', (server) => {
    expect(boundGrpcPort(server)).toBeUndefined();
  });

  it('does not throw', () => {
    const server = {
      get grpcClient(): never {
        throw new Error('private');
      },
    };
    expect(boundGrpcPort(server)).toBeUndefined();
  });
});
