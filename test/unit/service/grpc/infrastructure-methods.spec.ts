import { describe, expect, it } from '@jest/globals';
import {
  isInfrastructureMethod,
  isInfrastructureService,
} from '../../../../lib/service/grpc/infrastructure-methods.js';

describe.each([
  ['grpc.health.v1.Health', true],
  ['grpc.health.v2.Health', true],
  ['grpc.reflection.v1.ServerReflection', true],
  ['grpc.reflection.v1alpha.ServerReflection', true],
  ['grpc.channelz.v1.Channelz', true],
  ['grpc.healthy.v1.Health', false],
  ['grpc.health', false],
  ['acme.grpc.health.v1.Health', false],
  ['grpcxhealth.v1.Health', false],
  ['acme.auth.v1.AuthService', false],
  ['Health', false],
])('the service %s', (name, isInfrastructure) => {
  it(`is ${isInfrastructure ? '' : 'not '}one of gRPC itself`, () => {
    expect(isInfrastructureService(name)).toBe(isInfrastructure);
    expect(isInfrastructureMethod(`/${name}/Check`)).toBe(isInfrastructure);
    expect(isInfrastructureMethod(`${name}/Check`)).toBe(false);
  });
});
