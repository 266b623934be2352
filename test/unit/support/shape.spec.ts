import { describe, expect, it } from '@jest/globals';
import { hasMethods, isObject, isRecord, propertyOf } from '../../../lib/support/shape.js';

const NOT_OBJECTS = [undefined, null, '', 'text', 0, 1n, true, Symbol('s'), () => {}];

describe('isObject', () => {
  it.each([[{}], [[]], [new Map()], [Object.create(null)]])('%p is one', (value: unknown) => {
    expect(isObject(value)).toBe(true);
  });

  it.each(NOT_OBJECTS.map((value) => [value]))('%p is none', (value: unknown) => {
    expect(isObject(value)).toBe(false);
  });
});

describe('isRecord', () => {
  it('is an object that is not a list', () => {
    expect(isRecord({})).toBe(true);
    expect(isRecord(Object.create(null))).toBe(true);
    expect(isRecord([])).toBe(false);
    expect(isRecord(null)).toBe(false);
  });
});

describe('propertyOf', () => {
  it('reads own and inherited properties, and none of what is not an object', () => {
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

  it('asks for all of them, inherited ones included', () => {
    expect(hasMethods(new Server(), 'close', 'listen')).toBe(true);
    expect(hasMethods(new Server(), 'close', 'shutdown')).toBe(false);
    expect(hasMethods(new Server(), 'name')).toBe(false);
  });

  it('is false of what is not an object', () => {
    for (const value of NOT_OBJECTS) expect(hasMethods(value, 'toString')).toBe(false);
  });
});
