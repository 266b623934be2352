import type { SidecarApp } from './run-options.interface.js';

type Close = (...args: unknown[]) => Promise<unknown>;

/**
 * The first close of an application, whoever asks for it. Nest's hooks do not tell of it in time, since a microservice closes
 * its server before them, and not of the end of one that fails.
 */
export class AppClose {
  /** Resolves when the close has ended, be it well or not. */
  readonly ended: Promise<void>;
  readonly #app: SidecarApp;
  readonly #before: PropertyDescriptor | undefined;
  readonly #noticed: Close;
  #resolveEnded = () => {};
  #begun?: Promise<unknown>;

  constructor(app: SidecarApp) {
    this.#app = app;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.#before = Object.getOwnPropertyDescriptor(app, 'close');
    const close = closeOf(app, this.#before);
    const notice = (begun: Promise<unknown>) => this.#notice(begun);
    this.#noticed = async function (this: unknown, ...args: unknown[]): Promise<unknown> {
      return notice(Reflect.apply(close, this, args));
    };
    // Defined, not assigned: the proxy that Nest puts around an application drops what is assigned to it.
    const value = this.#noticed;
    Object.defineProperty(app, 'close', { value, configurable: true, writable: true });
  }

  /** The close, where there is one: it settles as that does. */
  get begun(): Promise<unknown> | undefined {
    return this.#begun;
  }

  /** Gives the application its own `close` back. */
  release(): void {
    if (Object.getOwnPropertyDescriptor(this.#app, 'close')?.value !== this.#noticed) return;
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

/** Not `app.close`: what the proxy hands out looks for the method when it is called, and would find the wrapped one. */
function closeOf(app: SidecarApp, own: PropertyDescriptor | undefined): Close {
  const close: unknown = own?.value ?? Reflect.get(Object.getPrototypeOf(app) as object, 'close');
  return close as Close;
}
