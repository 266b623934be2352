import { describe, expect, it } from '@jest/globals';
import { servedService } from '../../../lib/grpc-health/served-services.js';

const rpc = (path: string, originalName?: string) => ({ path, originalName });
const AUTH = { Login: rpc('/acme.auth.v1.Auth/Login', 'login'), Logout: rpc('/acme.auth.v1.Auth/Logout') };
const handler = () => {};

describe('servedService', () => {
  it.each([{ Login: handler }, { login: handler }, { Logout: handler }])(
    'names a service with a handler, under either spelling (%p)',
    (implementation) => {
      expect(servedService(AUTH, implementation)).toBe('acme.auth.v1.Auth');
    },
  );

  it('takes the handlers of a class', () => {
    class Auth {
      login(): void {}
    }
    expect(servedService(AUTH, new Auth())).toBe('acme.auth.v1.Auth');
  });

  it.each<[string, unknown, unknown]>([
    ['has no handler', AUTH, {}],
    ['has no function as a handler', AUTH, { Login: 'x', undefined: handler }],
    ['has no rpc', {}, { Login: handler }],
    ['has no path', { Login: { originalName: 'login' } }, { Login: handler }],
    ['has a path without a service', { Login: rpc('Login') }, { Login: handler }],
    ['is no definition', undefined, { Login: handler }],
    ['has no implementation', AUTH, undefined],
    ['is reflection', { Info: rpc('/grpc.reflection.v1.ServerReflection/Info') }, { Info: handler }],
  ])('names none that %s', (_reason, definition, implementation) => {
    expect(servedService(definition, implementation)).toBeUndefined();
  });
});
