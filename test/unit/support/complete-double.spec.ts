import { describe, expect, it, jest } from '@jest/globals';
import { completeDouble } from '../../../lib/support/complete-double.js';

class Counter {
  #count = 0;
  label = 'whole';

  get count(): number {
    return this.#count;
  }

  add(by: number): number {
    this.#count += by;
    return this.#count;
  }

  reset(): void {
    this.#count = 0;
  }
}

describe('completeDouble', () => {
  it('takes from the double what it has', () => {
    const add = jest.fn((by: number) => by * 2);
    const part = completeDouble<Counter>({ add, label: 'double' }, new Counter());
    expect([part.add(4), part.label, part.count]).toEqual([8, 'double', 0]);
    expect(add.mock.calls).toEqual([[4]]);
  });

  it('takes what it lacks from the whole, with its private fields', () => {
    const part = completeDouble({}, new Counter());
    expect([part.add(2), part.add(3), part.count, part.label]).toEqual([2, 5, 5, 'whole']);
  });

  it('takes the result of the whole if a stub returns nothing', () => {
    const add = jest.fn<Counter['add']>(() => undefined as never);
    const part = completeDouble({ add }, new Counter());
    expect([part.add(2), part.count]).toEqual([2, 2]);
    expect(add).toHaveBeenCalledTimes(1);
  });

  it('sees what a test changes later, also of a double that is frozen', () => {
    const double: { label?: string } = {};
    const part = completeDouble(double, new Counter());
    double.label = 'later';
    expect(part.label).toBe('later');
    const frozen = completeDouble(Object.freeze({ add: () => 9 }), new Counter());
    expect(frozen.add(1)).toBe(9);
  });

  it('calls the methods of the double on the double', () => {
    class Own {
      readonly #factor = 3;
      add = (by: number) => by * this.#factor;
      reset(): number {
        return this.#factor;
      }
    }
    const part = completeDouble<Counter>(new Own(), new Counter());
    expect([part.add(2), part.reset()]).toEqual([6, 3]);
  });

  it.each([undefined, null, 0, 'text'])('is the whole if the double is %p', (double) => {
    const whole = new Counter();
    expect(completeDouble(double, whole)).toBe(whole);
  });
});
