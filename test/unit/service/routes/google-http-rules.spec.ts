import { describe, expect, it } from '@jest/globals';
import { httpRuleOf, readHttpRules } from '../../../../lib/service/routes/google-http-rules.js';

const METHOD = '/acme.auth.v1.AuthService/Login';

const read = (...rules: unknown[]) =>
  readHttpRules(new Map(rules.map((rule, index) => [`${METHOD}${index || ''}`, rule])));

const route = (httpMethod: string, path: string) => ({ httpMethod, path, fullMethod: METHOD });

describe('readHttpRules', () => {
  it.each([
    ['get', 'GET'],
    ['put', 'PUT'],
    ['post', 'POST'],
    ['delete', 'DELETE'],
    ['patch', 'PATCH'],
  ])('reads %s', (verb, httpMethod) => {
    expect(read({ [verb]: '/v1/x', body: '*', response_body: 'y', selector: 'z' })).toEqual({
      routes: [route(httpMethod, '/v1/x')],
      faults: [],
    });
  });

  it.each([
    ['HEAD', 'HEAD'],
    ['purge', 'PURGE'],
    ['*', '*'],
  ])('reads the custom verb %s', (kind, httpMethod) => {
    expect(read({ custom: { kind, path: '/v1/x' } }).routes).toEqual([route(httpMethod, '/v1/x')]);
  });

  it('keeps a path template as it is written', () => {
    const template = '/v1/{name=projects/*/locations/**}:Cancel';
    expect(read({ post: template }).routes).toEqual([route('POST', template)]);
  });

  it('removes white space around a path, which a manifest cannot hold', () => {
    expect(read({ post: ' /v1/x\t' }).routes).toEqual([route('POST', '/v1/x')]);
  });

  it('reads one additional binding, which is not a list, and several', () => {
    expect(read({ get: '/a', additional_bindings: { put: '/b' } }).routes).toEqual([
      route('GET', '/a'),
      route('PUT', '/b'),
    ]);
    const several = [{ put: '/b' }, { custom: { kind: 'HEAD', path: '/c' } }];
    expect(read({ get: '/a', additional_bindings: several }).routes).toEqual([
      route('GET', '/a'),
      route('HEAD', '/c'),
      route('PUT', '/b'),
    ]);
  });

  it.each([
    [{ body: '*' }, 'must have one of get, put, post, delete, patch or custom, got {"body":"*"}'],
    ['/v1/x', 'must have one of get, put, post, delete, patch or custom, got "/v1/x"'],
    [null, 'must have one of get, put, post, delete, patch or custom, got null'],
    [
      { get: '/a', post: '/a' },
      'must have one pattern, got get and post: use additional_bindings for the others',
    ],
    [{ get: ['/a', '/b'] }, 'must have a path for get, got ["/a","/b"]'],
    [{ get: 1 }, 'must have a path for get, got 1'],
    [{ custom: { path: '/a' } }, 'must have a kind and a path for custom, got {"path":"/a"}'],
    [{ custom: 'HEAD' }, 'must have a kind and a path for custom, got "HEAD"'],
    [
      { get: '/a', additional_bindings: { get: '/b', additional_bindings: { get: '/c' } } },
      'must not nest additional_bindings',
    ],
  ])('refuses %j', (rule, fault) => {
    expect(read(rule).faults).toEqual([`${METHOD}: google.api.http ${fault}`]);
  });

  it('checks the routes, and names the method of each fault', () => {
    expect(read({ get: 'a', additional_bindings: { put: '/b' } }, { put: '/b' }).faults).toEqual([
      `${METHOD}: must start with "/", got "a"`,
      `${METHOD}1: duplicate route "PUT /b"`,
    ]);
  });
});

describe('httpRuleOf', () => {
  it('finds the option, with a leading dot or without', () => {
    expect(httpRuleOf({ '(google.api.http)': { get: '/a' } })).toEqual({ get: '/a' });
    expect(httpRuleOf({ '(.google.api.http)': { get: '/a' } })).toEqual({ get: '/a' });
  });

  it('returns undefined if there are only other options', () => {
    expect(httpRuleOf({ deprecated: true, '(acme.http)': { get: '/a' } })).toBeUndefined();
    expect(httpRuleOf(undefined)).toBeUndefined();
  });
});
