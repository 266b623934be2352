import { compile, parse, stringify, TokenData } from 'path-to-regexp';
import fc from '../../../support/fast-check.js';
import { describe, expect, it } from '@jest/globals';
import { anyCharacter } from '../../fixtures/any-character.js';
import { pathTemplates } from '../../../../lib/service/routes/path-template.js';

describe('pathTemplates', () => {
  it.each([
    ['/', '/'],
    ['/users', '/users'],
    ['/users/', '/users'],
    ['/users/:id', '/users/{id}'],
    ['/users/:userId/posts/:postId', '/users/{userId}/posts/{postId}'],
    ['/:a/:b', '/{a}/{b}'],
    ['/users/:"user-id"', '/users/{user_id}'],
    ['/users/:"1st"', '/users/{_1st}'],
  ])('writes the parameters of %s in braces', (path, template) => {
    expect(pathTemplates(path)).toEqual([template]);
  });

  it.each([
    ['/files/*path', '/files/{path=**}'],
    ['/*all', '/{all=**}'],
    ['/files/*', '/files/{path=**}'],
    ['/files/(.*)', '/files/{path=**}'],
    ['*', '/{path=**}'],
    ['/files/*path/raw', '/files/{path=**}'],
    ['/files/v*path', '/files/{path=**}'],
  ])('makes the wildcard of %s cover everything below', (path, template) => {
    expect(pathTemplates(path)).toEqual([template]);
  });

  it.each([
    ['/users{/:id}', ['/users/{id}', '/users']],
    ['/files/{*path}', ['/files/{path=**}', '/files']],
    ['/a{/b{/:c}}', ['/a/b/{c}', '/a/b', '/a']],
    ['/users/:id?', ['/users/{id}', '/users']],
    ['/say{-hello}/:name', ['/say-hello/{name}', '/say/{name}']],
  ])('makes two templates of the optional part of %s', (path, templates) => {
    expect(pathTemplates(path)).toEqual(templates);
  });

  it.each([
    ['/files/:name.:ext', '/files/{name}'],
    ['/v:version/users', '/{version}/users'],
    ['/at/:hour(^\\d{2})h:minute(^\\d{2})m', '/at/{hour}'],
  ])('covers the whole segment if a part of it is a parameter: %s', (path, template) => {
    expect(pathTemplates(path)).toEqual([template]);
  });

  it.each([
    ['/orders/:id\\:cancel', '/orders/{id}:cancel'],
    ['/orders\\:batch', '/orders:batch'],
    ['/orders/:id\\:cancel/now', '/orders/{id}/now'],
    ['/orders::batch', '/orders:batch'],
  ])('keeps the custom verb of %s', (path, template) => {
    expect(pathTemplates(path)).toEqual([template]);
  });

  it.each([
    ['/users/:id(\\d+)', '/users/{id}'],
    ['/users/:id([a-z]{2,3})/posts', '/users/{id}/posts'],
    ['/users/:id((?:a|b)/c)', '/users/{id}'],
  ])('ignores the regular expression of %s', (path, template) => {
    expect(pathTemplates(path)).toEqual([template]);
  });

  it.each([
    ['/odd/\\{literal\\}', '/odd/%7Bliteral%7D'],
    ['/odd/a\\*b', '/odd/a%2Ab'],
    ['/straße/日本', '/stra%C3%9Fe/%E6%97%A5%E6%9C%AC'],
    ['/a b"c<d>e^f`g|h', '/a%20b%22c%3Cd%3Ee%5Ef%60g%7Ch'],
    ['/100%/%41', '/100%25/%41'],
    ["/a-._~\\!$&'\\(\\),;=@b", "/a-._~!$&'(),;=@b"],
    ['/\ud800', '/%EF%BF%BD'],
  ])('encodes characters with a meaning in templates, and those that no path holds: %s', (path, template) => {
    expect(pathTemplates(path)).toEqual([template]);
  });

  it.each([
    ['/users/[ab]+/x', '/users/{path=**}'],
    ['/users/ab?cd', '/users/{path=**}'],
    ['/a{/b}{/c}{/d}{/e}{/f}', '/a/{path=**}'],
  ])('covers everything below what it cannot read: %s', (path, template) => {
    expect(pathTemplates(path)).toEqual([template]);
  });

  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,5}$/);
  const name = fc.stringMatching(/^[a-z][a-zA-Z0-9_]{0,5}$/);
  const separator = { type: 'text', value: '/' } as const;
  const piece = fc.oneof(
    word.map((value) => ({ type: 'text', value }) as const),
    name.map((value) => ({ type: 'param', name: value }) as const),
    name.map((value) => ({ type: 'wildcard', name: value }) as const),
  );
  const segments = fc
    .array(piece, { minLength: 1, maxLength: 4 })
    .map((pieces) => pieces.flatMap((one) => [separator, one]));
  const paths = fc.tuple(segments, fc.option(segments, { nil: undefined })).map(([always, optional]) => {
    const group = optional ? [{ type: 'group', tokens: optional } as const] : [];
    return stringify(new TokenData([...always, ...group]));
  });
  const values = fc.array(fc.stringMatching(/^[a-zA-Z0-9-]{1,6}$/), { minLength: 1, maxLength: 3 });

  it('covers every address of a route', () => {
    fc.assert(
      fc.property(paths, values, (path, words) => {
        const params = Object.fromEntries(
          parameters(path).map(({ type, name: key }, index) => [
            key,
            type === 'wildcard' ? words : (words[index % words.length] ?? ''),
          ]),
        );
        fc.pre(new Set(parameters(path).map(({ name: key }) => key)).size === parameters(path).length);
        const address = compile(path)(params);
        expect(pathTemplates(path).some((template) => expression(template).test(address))).toBe(true);
      }),
    );
  });

  it('returns valid templates that start with a slash, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: anyCharacter })), (path) => {
        const templates = pathTemplates(path);
        expect(templates.length).toBeGreaterThan(0);
        for (const template of templates) {
          expect(template).toMatch(/^\/([\w.~!$&'()+,;=:@/-]|%[\da-f]{2}|\{\w+(=\*\*)?\})*$/i);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

interface Parameter {
  readonly type: 'param' | 'wildcard';
  readonly name: string;
}

function parameters(path: string): Parameter[] {
  const flat = parse(path).tokens.flatMap((token) => (token.type === 'group' ? token.tokens : [token]));
  return flat.filter((token) => token.type === 'param' || token.type === 'wildcard');
}

/** Returns an expression for the addresses that a gateway matches with a template. */
function expression(template: string): RegExp {
  const source = template.replace(/\/\{\w+=\*\*\}$/, '(/.*)?').replace(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${source}$`);
}
