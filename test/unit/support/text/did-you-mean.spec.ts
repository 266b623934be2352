import { describe, expect, it } from '@jest/globals';
import fc from '../../../support/fast-check.js';
import { closestName, didYouMean } from '../../../../lib/support/text/did-you-mean.js';

const OPTIONS = [
  'app',
  'service',
  'kernel',
  'protocol',
  'serverPort',
  'managedPort',
  'dns',
  'grpc',
  'methods',
  'httpRoutes',
  'baseUrl',
  'watchUrl',
  'headers',
  'tls',
  'gracePeriod',
  'drainDelay',
  'requestTimeout',
  'reconnectInterval',
  'maxReconnectInterval',
  'idleTimeout',
  'enabled',
  'onError',
];

describe('closestName', () => {
  it.each([
    ['letters in another case', 'serverport', 'serverPort'],
    ['capitals', 'GRPC', 'grpc'],
    ['snake_case', 'server_port', 'serverPort'],
    ['kebab-case', 'http-routes', 'httpRoutes'],
    ['a missing letter', 'protocl', 'protocol'],
    ['a letter too many', 'methodes', 'methods'],
    ['another letter', 'watchUri', 'watchUrl'],
    ['two letters that changed places', 'gprc', 'grpc'],
    ['the same in a name of three letters', 'dsn', 'dns'],
    ['a plural', 'httpRoute', 'httpRoutes'],
    ['a unit at the end', 'gracePeriodMs', 'gracePeriod'],
    ['the closer one of two', 'reconnect_intervall', 'reconnectInterval'],
  ])('knows a name by %s', (_what, given, name) => {
    expect(closestName(given, OPTIONS)).toBe(name);
  });

  it.each([
    'speed',
    'retries',
    'timeout',
    'port',
    'host',
    'url',
    'id',
    'x',
    '',
    '_',
    'toString',
    'constructor',
  ])('knows no name like %j', (given) => {
    expect(closestName(given, OPTIONS)).toBeUndefined();
  });

  it.each([
    ['id', 'is'],
    ['go', 'node'],
    ['tcp', 'http'],
    ['ignore', 'error'],
    ['serverPortNumber', 'serverPort'],
  ])('does not take %j for %j', (given, name) => {
    expect(closestName(given, [name])).toBeUndefined();
  });

  it('takes the first of two that are as close', () => {
    expect(closestName('port3', ['port1', 'port2'])).toBe('port1');
  });

  it('knows nothing without names, and does not look at long texts', () => {
    expect(closestName('grpc', [])).toBeUndefined();
    expect(closestName(`${'a'.repeat(65)}`, ['a'.repeat(64)])).toBeUndefined();
  });

  it('finds every name with one letter changed, if it has three letters', () => {
    fc.assert(
      fc.property(fc.constantFrom(...OPTIONS), fc.nat(), (name, place) => {
        const at = place % name.length;
        const given = `${name.slice(0, at)}0${name.slice(at + 1)}`;
        expect(closestName(given, [name])).toBe(name);
      }),
    );
  });
});

describe('didYouMean', () => {
  it('is the end of a message, or nothing', () => {
    expect(didYouMean('gprc', OPTIONS)).toBe(' (did you mean `grpc`?)');
    expect(didYouMean('speed', OPTIONS)).toBe('');
  });
});
