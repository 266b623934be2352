import { replaceMethod } from '../support/replace-method.js';

const HOOK = 'onApplicationBootstrap';

/** Runs the hook of an instance, and something before or after it. */
export type Around = (run: () => unknown) => unknown;

/** Returns whether an instance has a bootstrap hook. */
export function hasHook(instance: object): boolean {
  return typeof Reflect.get(instance, HOOK) === 'function';
}

/**
 * Wraps the bootstrap hook of an instance, or gives it one.
 *
 * @returns what takes the wrapper away again; `undefined` if the instance cannot be changed
 */
export function wrapHook(instance: object, around: Around): (() => void) | undefined {
  const hook: unknown = Reflect.get(instance, HOOK);
  return replaceMethod(instance, HOOK, function (this: unknown, ...args: unknown[]): unknown {
    return around(() => (typeof hook === 'function' ? Reflect.apply(hook, this, args) : undefined));
  });
}
