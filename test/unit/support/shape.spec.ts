import { describe, expect, it } from '@jest/globals';
import { hasMethods, isObject, isRecord, propertyOf } from '../../../lib/support/shape.js';

const NOT_OBJECTS = [undefined, null, '', 'text', 0, 1n, true, Symbol('s'), () => {}];

describe('isObject', () => {
  it.each([[{}], [[]], [new Map()], [Object.create(null)]])('is true of %p', (value: unknown) => {
    expect(isObject(value)).toBe(true);
  });

  it.each(NOT_OBJECTS.map((value) => [value]))('is false of %p', (value: unknown) => {
    expect(isObject(value)).toBe(false);
  });
});

describe('isRecord', () => {
  it('is true of objects that are not lists', () => {
    expect(isRecord({})).toBe(true);
    expect(isRecord(Object.create(null))).toBe(true);
    expect(isRecord([])).toBe(false);
    expect(isRecord(null)).toBe(false);
  });
});

describe('propertyOf', () => {
  it('reads own and inherited properties of objects alone', () => {
    expect(propertyOf({ port: 1 }, 'port')).toBe(1);
    expect(propertyOf(Object.create({ port: 2 }), 'port')).toBe(2);
    for (const value of NOT_OBJECTS) expect(propertyOf(value, 'length')).toBeUndefined();
  });
});

describe('hasMethods', () => {
  class Server {
    readonly name = 'server';
    close(): void {}
    listen(): void {}
  }

  it('is true of an object that has or inherits all of them', () => {
    expect(hasMethods(new Server(), 'close', 'listen')).toBe(true);
    expect(hasMethods(new Server(), 'close', 'shutdown')).toBe(false);
    expect(hasMethods(new Server(), 'name')).toBe(false);
  });

  it('is false of a value that is not an object', () => {
    for (const value of NOT_OBJECTS) expect(hasMethods(value, 'toString')).toBe(false);
  });
});
