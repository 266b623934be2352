import { describe, expect, it } from '@jest/globals';
import fc from '../../support/fast-check.js';
import { InvalidOptionsError } from '../../../lib/errors/invalid-options.error.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import type { SidecarAgentOptions } from '../../../lib/options/sidecar-agent-options.interface.js';
import { MINIMAL } from '../fixtures/fixtures.js';

const SECRET = 'c0rrect-h0rse';

/** Values of any shape that hold the secret: as text, within a text, in a list, in an object. */
const confidential = fc.letrec<{ value: unknown; text: string }>((tie) => ({
  text: fc
    .tuple(fc.constantFrom('', 'Bearer ', '\r\n', '{"a":"'), fc.constantFrom('', '\n', ' ', '"}', '\u2603'))
    .map(([before, after]) => before + SECRET + after),
  value: fc.oneof(
    { maxDepth: 2 },
    tie('text'),
    fc.array(tie('value'), { minLength: 1, maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'x-token', 'passphrase', 'toString'), tie('value'), { minKeys: 1 }),
    tie('value').map((value) => new Map([['a', value]])),
  ),
})).value;

const places = fc.constantFrom<((value: unknown) => object)[]>(
  (secret) => ({ app: { ...MINIMAL.app, secret } }),
  (app) => ({ app }),
  (value) => ({ headers: { authorization: value } }),
  (value) => ({ headers: { host: value } }),
  (value) => ({ headers: { 'no name': value } }),
  (headers) => ({ headers }),
  (tls) => ({ tls }),
  (key) => ({ tls: { key } }),
  (key) => ({ baseUrl: 'https://agent', tls: [key] }),
);

/** Makes an error certain, so that each run looks at one. */
const FAULTS = [{ serverPort: 0 }, { retries: 3 }, { dialect: 'nodes' }, { baseUrl: 'ftp://agent' }];

describe('an error about options', () => {
  it('shows no value of app.secret, headers or tls', () => {
    fc.assert(
      fc.property(places, confidential, fc.constantFrom(...FAULTS), (place, value, fault) => {
        const given = { ...MINIMAL, ...fault, ...place(value) } as SidecarAgentOptions;
        let thrown: unknown;
        try {
          resolveOptions(given);
        } catch (error) {
          thrown = error;
        }
        expect(thrown).toBeInstanceOf(InvalidOptionsError);
        const { message, stack, faults, cause } = thrown as InvalidOptionsError;
        expect(JSON.stringify([message, stack, faults, cause ?? null])).not.toContain(SECRET);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['http://me:SECRET@agent', 'baseUrl'],
    ['ftp://me:SECRET@agent', 'baseUrl'],
    ['http://agent/?token=SECRET', 'baseUrl'],
    ['http://agent/#SECRET', 'baseUrl'],
    ['ws://127.0.0.1:15010/watch?token=SECRET', 'watchUrl'],
    ['http://elsewhere/watch?token=SECRET', 'watchUrl'],
    ['https://me:SECRET@auth', 'dns'],
  ])('shows nothing of the address %s as %s', (address, name) => {
    const given = { ...MINIMAL, [name]: address.replace('SECRET', SECRET) };
    expect(() => resolveOptions(given)).toThrow(`  - ${name}: `);
    expect(() => resolveOptions(given)).not.toThrow(SECRET);
  });
});
