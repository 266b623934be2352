import { describe, expect, it } from '@jest/globals';
import { hasHook, wrapHook } from '../../../lib/lifecycle/wrapped-hook.js';

class Service {
  readonly calls: unknown[] = [];

  onApplicationBootstrap(...args: unknown[]): unknown {
    this.calls.push([this, ...args]);
    return 'done';
  }
}

describe('wrapHook', () => {
  it('passes this, the arguments and the result through', () => {
    const service = new Service();
    const order: string[] = [];
    wrapHook(service, (run) => {
      order.push('before');
      const result = run();
      order.push('after');
      return result;
    });
    expect(service.onApplicationBootstrap(1, 2)).toBe('done');
    expect(service.calls).toEqual([[service, 1, 2]]);
    expect(order).toEqual(['before', 'after']);
    expect(Object.keys(service)).toEqual(['calls']);
  });

  it('leaves a hook of the class, and one of the instance, as it was', () => {
    const service = new Service();
    wrapHook(service, (run) => run())?.();
    expect(Object.getOwnPropertyNames(service)).toEqual(['calls']);

    const own = { onApplicationBootstrap: () => 1 };
    const before = Object.getOwnPropertyDescriptors(own);
    wrapHook(own, (run) => run())?.();
    expect(Object.getOwnPropertyDescriptors(own)).toEqual(before);
  });

  it('leaves a hook alone that other code has set since', () => {
    const service = new Service();
    const restore = wrapHook(service, (run) => run());
    const mock = () => 'mocked';
    service.onApplicationBootstrap = mock;
    restore?.();
    expect(service.onApplicationBootstrap).toBe(mock);
  });

  it('gives a hook to an instance without one, until it is taken away', () => {
    const module: { onApplicationBootstrap?: () => unknown } = {};
    const restore = wrapHook(module, (run) => [run()]);
    expect(module.onApplicationBootstrap?.()).toEqual([undefined]);
    restore?.();
    expect(hasHook(module)).toBe(false);
  });

  it('does not change a frozen instance', () => {
    const frozen = Object.freeze({ onApplicationBootstrap: () => 1 });
    expect(wrapHook(frozen, () => 2)).toBeUndefined();
    expect(frozen.onApplicationBootstrap()).toBe(1);
  });
});
