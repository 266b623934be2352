import { replaceMethod } from '../support/replace-method.js';
import type { SidecarApp } from './run-options.interface.js';

type Close = (...args: unknown[]) => Promise<unknown>;

/**
 * Observes the first `app.close()`, no matter which code calls it. Nest's hooks are not enough: a
 * microservice closes its server before it runs them, and a close that fails never runs the last.
 */
export class AppClose {
  /** Resolves when the close has ended, with or without success. */
  readonly ended: Promise<void>;
  readonly #restore: (() => void) | undefined;
  #resolveEnded = () => {};
  #begun?: Promise<unknown>;

  constructor(app: SidecarApp) {
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    const close = closeOf(app);
    const notice = (begun: Promise<unknown>) => this.#notice(begun);
    this.#restore = replaceMethod(app, 'close', async function (this: unknown, ...args: unknown[]) {
      return notice(Reflect.apply(close, this, args));
    });
  }

  /** The promise of the close, or `undefined` if `app.close()` has not been called. */
  get begun(): Promise<unknown> | undefined {
    return this.#begun;
  }

  /** Restores the application's own `close`, unless other code has replaced it since. */
  release(): void {
    this.#restore?.();
  }

  #notice(begun: Promise<unknown>): Promise<unknown> {
    if (!this.#begun) {
      this.#begun = begun;
      begun.then(this.#resolveEnded, this.#resolveEnded);
    }
    return begun;
  }
}

/**
 * Returns the application's `close` itself. `app.close` would not do: Nest's proxy returns a
 * function that looks the method up when it is called, and would find the wrapped one.
 */
function closeOf(app: SidecarApp): Close {
  const own: unknown = Object.getOwnPropertyDescriptor(app, 'close')?.value;
  const close: unknown = own ?? Reflect.get(Object.getPrototypeOf(app) as object, 'close');
  return close as Close;
}
