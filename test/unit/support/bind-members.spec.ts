import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { bindMembers } from '../../../lib/support/bind-members.js';

const named = Symbol('named');

class Counter {
  #count = 0;
  readonly step = 1;

  add(): number {
    return (this.#count += this.step);
  }

  get count(): number {
    return this.#count;
  }

  set count(count: number) {
    this.#count = count;
  }

  [named](): string {
    return `counted ${this.#count}`;
  }
}

class Doubled extends Counter {
  #factor = 2;

  override get count(): number {
    return this.#factor * super.count;
  }

  override set count(count: number) {
    super.count = count;
  }
}

describe('bindMembers', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each([
    [Counter, 7],
    [Doubled, 14],
  ])('lets methods, accessors and symbols of %p work through a Proxy', (Class, expected) => {
    expect(() => new Proxy(new Class(), {}).add()).toThrow('private member');
    const wrapped = new Proxy(bindMembers(new Class()), {});
    wrapped.count = 6;
    expect([wrapped.add(), wrapped.count, wrapped[named]()]).toEqual([7, expected, 'counted 7']);
  });

  it('adds nothing that is listed, and leaves what the object has itself', () => {
    const counter = new Counter();
    const own = () => 0;
    counter.add = own;
    expect(bindMembers(counter)).toBe(counter);
    expect(counter.add).toBe(own);
    expect(Object.keys(counter)).toEqual(['step', 'add']);
  });

  it('calls a spy that a test puts on the prototype later', () => {
    const counter = new Proxy(bindMembers(new Doubled()), {});
    const add = jest.spyOn(Counter.prototype, 'add');
    const read = jest.spyOn(Doubled.prototype, 'count', 'get').mockReturnValue(70);
    counter.count = 3;
    expect([counter.add(), counter.count]).toEqual([4, 70]);
    expect([add, read].map(({ mock }) => mock.calls)).toEqual([[[]], [[]]]);
    jest.restoreAllMocks();
    expect([counter.add(), counter.count]).toEqual([5, 10]);
    expect(add).toHaveBeenCalledTimes(1);
  });

  it('leaves a plain object as it is', () => {
    expect(Reflect.ownKeys(bindMembers({ one: 1 }))).toEqual(['one']);
  });
});
