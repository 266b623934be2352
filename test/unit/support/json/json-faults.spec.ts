import { describe, expect, it } from '@jest/globals';
import fc from '../../../support/fast-check.js';
import { duplicateKeys, syntaxFault } from '../../../../lib/support/json/json-faults.js';
import { formatJsonPath } from '../../../../lib/support/json/json-path.js';

const PLACED = /^not valid JSON at line (\d+), column (\d+)$/;

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The part of a text from a place on, counted as editors do. */
function from(text: string, line: string | undefined, column: string | undefined): string {
  const lines = text.split(/\r\n|\r|\n/);
  const before = lines.slice(0, Number(line) - 1).join('\n').length + (line === '1' ? 0 : 1);
  return text.replaceAll('\r\n', '\n').slice(before + Number(column) - 1);
}

describe('syntaxFault', () => {
  it.each([
    ['', 1, 1],
    [' \t\r\n', 2, 1],
    ['DB_PASSWORD=TOPSECRET', 1, 1],
    ['{"a": 1,}', 1, 9],
    ['[1,]', 1, 4],
    ['{"a": 1, // why\n "b": 2}', 1, 10],
    ['{\r\n  "a": /* why */ 1\r\n}', 2, 8],
    ['{"a": 1} {}', 1, 10],
    ['{"a": 1\n "b": 2}', 2, 2],
    ['{"a" 1}', 1, 6],
    ['{\n  "app": {,\n}', 2, 11],
    ["{'a': 1}", 1, 2],
    ['{"a": "C:\\path"}', 1, 7],
    ['{"a": "\\u00g0"}', 1, 7],
    ['{"a": "cut off', 1, 7],
    ['{"a": "one\ntwo"}', 1, 7],
    ['{"a": "one\ttwo"}', 1, 7],
    ['[01]', 1, 3],
    ['[1.]', 1, 2],
    ['[+1]', 1, 2],
    ['[NaN]', 1, 2],
    ['\u00a0{}', 1, 1],
    ['\uFEFF{}', 1, 1],
  ])('of %j tells line %d, column %d', (text, line, column) => {
    expect(parses(text)).toBe(false);
    expect(syntaxFault(text)).toBe(`not valid JSON at line ${line}, column ${column}`);
  });

  it('tells where the nesting gets too deep if there is no fault before', () => {
    expect(syntaxFault(`${'['.repeat(100_000)}x`)).toBe(
      'not valid JSON: nested deeper than 1000 levels at line 1, column 1001',
    );
    expect(syntaxFault(`[x,\n${'['.repeat(100_000)}`)).toBe('not valid JSON at line 1, column 2');
  });

  const slip = fc.oneof(
    fc.constantFrom(
      ',',
      ':',
      '"',
      '\\',
      '\\u12',
      '{',
      '}',
      '[',
      ']',
      '-',
      '+',
      '.',
      'e',
      '0',
      '1',
      't',
      'nul',
    ),
    fc.constantFrom(
      '//',
      '/*',
      '*/',
      '\n',
      '\r',
      '\r\n',
      '\t',
      '\f',
      '\v',
      '\u00a0',
      '\u2028',
      '\uFEFF',
      "'",
    ),
    fc.constantFrom(
      'true',
      'false',
      'null',
      'NaN',
      'Infinity',
      'undefined',
      '01',
      '-0',
      '1e5',
      '1.',
      '-',
      '.5',
    ),
    fc.string({ unit: 'binary', maxLength: 2 }),
  );
  /** JSON, JSON with slips in it, and texts made of nothing but slips. */
  const texts = fc.oneof(
    fc.json(),
    fc.jsonValue().map((value) => JSON.stringify(value, undefined, 2)),
    fc
      .tuple(
        fc.json(),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 2 }), slip), { minLength: 1, maxLength: 3 }),
      )
      .map(([json, slips]) =>
        slips.reduce((text, [at, deleted, added]) => {
          const position = at % (text.length + 1);
          return text.slice(0, position) + added + text.slice(position + deleted);
        }, json),
      ),
    fc.array(slip, { maxLength: 8 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  );

  it('finds a fault in exactly the texts that JSON.parse refuses', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(PLACED.test(syntaxFault(text))).toBe(!parses(text));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('duplicateKeys', () => {
  it.each([
    ['{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}', []],
    ['{"schema":"a","schema":"b"}', ['schema: duplicate key (line 1, column 15)']],
    [
      '{"a":1,"a":2,\n  "a":3}',
      ['a: duplicate key (line 1, column 8)', 'a: duplicate key (line 2, column 3)'],
    ],
    [
      '{\r\n"services":[{"name":"a"},\r\n{"name":"b","methods":[],"name":"c"}]}',
      ['services[1].name: duplicate key (line 3, column 26)'],
    ],
    [String.raw`{"routes":[],"r\u006futes":[]}`, ['routes: duplicate key (line 1, column 14)']],
    ['{"__proto__":1,"__proto__":2}', ['__proto__: duplicate key (line 1, column 16)']],
    [
      '{"a":{"b":1,"b":{"c":[{"d":"{,\\"d\\":","d":2}]}},"d":3}',
      ['a.b: duplicate key (line 1, column 13)', 'a.b.c[0].d: duplicate key (line 1, column 39)'],
    ],
    ['[[{"a":1,"a":2}]]', ['[0][0].a: duplicate key (line 1, column 10)']],
    ['"a"', []],
  ])('of %j', (text, faults) => {
    expect(duplicateKeys(text).map(({ path, message }) => `${path}: ${message}`)).toEqual(faults);
  });

  it('searches as deep as it can', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(parses(deep)).toBe(true);
    expect(duplicateKeys(`{"a":1,"a":${deep},"a":2}`)).toEqual([
      { path: 'a', message: 'duplicate key (line 1, column 8)' },
    ]);
  });

  /** A JSON value as a list of pairs for each object, so that keys can repeat. */
  type Tree =
    { readonly pairs: readonly (readonly [string, Tree])[] } | { readonly items: readonly Tree[] } | string;

  const key = fc.oneof(
    fc.constantFrom('a', 'b', '"', '\\', '{', ','),
    fc.string({ unit: 'binary', maxLength: 2 }),
  );
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue({ maxDepth: 0 }).map((value) => JSON.stringify(value)),
      fc.array(tie('tree'), { maxLength: 3 }).map((items) => ({ items })),
      fc.array(fc.tuple(key, tie('tree')), { maxLength: 4 }).map((pairs) => ({ pairs })),
    ),
  }));
  /** Writes a key plainly, or with every character escaped. */
  const writeKey = (name: string, isEscaped: boolean) =>
    isEscaped
      ? `"${[...Array(name.length).keys()].map((at) => `\\u${name.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`
      : JSON.stringify(name);

  function write(node: Tree, gap: string): string {
    if (typeof node === 'string') return node;
    if ('items' in node) return `[${gap}${node.items.map((item) => write(item, gap)).join(`,${gap}`)}]`;
    const pairs = node.pairs.map(
      ([name, value], index) => `${writeKey(name, index % 2 === 1)}${gap}:${write(value, gap)}`,
    );
    return `{${pairs.join(`${gap},`)}}`;
  }

  function repeats(node: Tree, path: readonly PropertyKey[]): string[] {
    if (typeof node === 'string') return [];
    if ('items' in node) return node.items.flatMap((item, index) => repeats(item, [...path, index]));
    return node.pairs.flatMap(([name, value], index) => {
      const isRepeat = node.pairs.slice(0, index).some(([earlier]) => earlier === name);
      const at = [...path, name];
      return [...(isRepeat ? [formatJsonPath(at)] : []), ...repeats(value, at)];
    });
  }

  it('finds exactly the keys that repeat, each at its place', () => {
    fc.assert(
      fc.property(tree, fc.constantFrom('', ' ', '\n', '\r\n  '), (node, gap) => {
        const text = write(node, gap);
        expect(parses(text)).toBe(true);
        const found = duplicateKeys(text);
        expect(found.map(({ path }) => path)).toEqual(repeats(node, []));
        for (const { path, message } of found) {
          const [, line, column] = /^duplicate key \(line (\d+), column (\d+)\)$/.exec(message) ?? [];
          const [token = ''] = /^"(?:[^"\\]|\\.)*"(?=\s*:)/.exec(from(text, line, column)) ?? [];
          expect(path.endsWith(formatJsonPath([JSON.parse(token) as string]))).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
