import { describe, expect, it } from '@jest/globals';
import type { GrpcOptions } from '@nestjs/microservices';
import { ownGrpcServers, servesPackages } from '../../../../lib/service/grpc/own-grpc-servers.js';

interface Server {
  readonly options: GrpcOptions['options'];
  readonly url?: string;
}

/** Returns the fields of Nest's server. */
function server(options: GrpcOptions['options']): Server {
  return { options, url: options.url };
}

const A = server({ package: 'a', url: 'localhost:1' });
const B = server({ package: 'b', url: 'localhost:2' });
const BC = server({ package: ['b', 'c'], url: 'localhost:3' });
const ALL = [A, B, BC];

describe('ownGrpcServers', () => {
  it('finds the server with the same options object', () => {
    const twin = server({ ...A.options });
    expect(ownGrpcServers([twin, A], A.options)).toEqual([A]);
    expect(ownGrpcServers([twin, A], A.options)[0]).toBe(A);
  });

  it('finds the server with the same address', () => {
    expect(ownGrpcServers(ALL, { package: 'z', url: 'localhost:2' })).toEqual([B]);
  });

  it('finds the server with the same packages, in any order', () => {
    expect(ownGrpcServers(ALL, { package: ['c', 'b'], url: 'localhost:0' })).toEqual([BC]);
    expect(ownGrpcServers(ALL, { package: ['b'] })).toEqual([B]);
  });

  it('compares the packages if two servers share an address, such as port 0', () => {
    const [first, second] = [
      server({ package: 'a', url: 'localhost:0' }),
      server({ package: 'b', url: 'localhost:0' }),
    ];
    expect(ownGrpcServers([first, second], { package: 'b', url: 'localhost:0' })).toEqual([second]);
  });

  it('finds a server that has these packages among others', () => {
    expect(ownGrpcServers(ALL, { package: 'c' })).toEqual([BC]);
  });

  it('returns all servers if no criterion distinguishes them', () => {
    expect(ownGrpcServers(ALL, { package: 'z', url: 'localhost:9' })).toEqual(ALL);
    expect(ownGrpcServers(ALL, undefined)).toEqual(ALL);
    expect(ownGrpcServers([], A.options)).toEqual([]);
    const strange = [{}, { options: 7 }, { options: null }];
    expect(ownGrpcServers(strange, A.options)).toEqual(strange);
  });
});

describe('servesPackages', () => {
  it.each([
    ['b', true],
    [['b', 'c'], true],
    ['b.v1', true],
    ['bb', false],
    [['b', 'a'], false],
  ])('returns for %j: %p', (packages, answer) => {
    expect(servesPackages(BC, { package: packages })).toBe(answer);
  });

  it('returns true if the packages of the server are unknown', () => {
    expect(servesPackages({}, { package: 'a' })).toBe(true);
    expect(servesPackages({ options: {} }, { package: 'a' })).toBe(true);
  });
});
