import { describe, expect, it } from '@jest/globals';
import { editJson } from '../../../lib/schematics/application/edit-json.js';

describe('editJson', () => {
  it('keeps comments, the indentation and the line breaks', () => {
    const text = '{\r\n    // settings\r\n    "a": 1\r\n}\r\n';
    expect(editJson(text, ['b', 'c'], true)).toBe(
      '{\r\n    // settings\r\n    "a": 1,\r\n    "b": {\r\n        "c": true\r\n    }\r\n}\r\n',
    );
  });

  it('keeps tabs', () => {
    expect(editJson('{\n\t"a": 1\n}\n', ['b'], [2])).toBe('{\n\t"a": 1,\n\t"b": [\n\t\t2\n\t]\n}\n');
  });

  it.each([
    ['a', ['a', 'b', 'd']],
    ['c', ['b', 'c', 'd']],
    ['e', ['b', 'd', 'e']],
  ])('puts a key where package managers put it: %s', (key, order) => {
    const text = editJson('{\n  "x": {\n    "b": 1,\n    "d": 2\n  }\n}', ['x', key], 3, true);
    expect(Object.keys((JSON.parse(text) as { x: object }).x)).toEqual(order);
  });
});
