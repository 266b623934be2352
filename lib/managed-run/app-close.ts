import type { SidecarApp } from './run-options.interface.js';

type Close = (...args: unknown[]) => Promise<unknown>;

/**
 * Observes the first `app.close()`, no matter which code calls it. Nest's hooks are not enough: a
 * microservice closes its server before it runs them, and a close that fails never runs the last.
 */
export class AppClose {
  /** Resolves when the close has ended, with or without success. */
  readonly ended: Promise<void>;
  readonly #app: SidecarApp;
  readonly #before: PropertyDescriptor | undefined;
  readonly #wrapped: Close;
  #resolveEnded = () => {};
  #begun?: Promise<unknown>;

  constructor(app: SidecarApp) {
    this.#app = app;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.#before = Object.getOwnPropertyDescriptor(app, 'close');
    const close = closeOf(app, this.#before);
    const notice = (begun: Promise<unknown>) => this.#notice(begun);
    this.#wrapped = async function (this: unknown, ...args: unknown[]): Promise<unknown> {
      return notice(Reflect.apply(close, this, args));
    };
    // Defined, not assigned: Nest's proxy around an application ignores assignments.
    const value = this.#wrapped;
    Object.defineProperty(app, 'close', { value, configurable: true, writable: true });
  }

  /** The promise of the close, or `undefined` if `app.close()` has not been called. */
  get begun(): Promise<unknown> | undefined {
    return this.#begun;
  }

  /** Restores the application's own `close`, unless other code has replaced it since. */
  release(): void {
    if (Object.getOwnPropertyDescriptor(this.#app, 'close')?.value !== this.#wrapped) return;
    if (this.#before) Object.defineProperty(this.#app, 'close', this.#before);
    else Reflect.deleteProperty(this.#app, 'close');
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
function closeOf(app: SidecarApp, own: PropertyDescriptor | undefined): Close {
  const close: unknown = own?.value ?? Reflect.get(Object.getPrototypeOf(app) as object, 'close');
  return close as Close;
}
