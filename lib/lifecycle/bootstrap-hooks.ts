import type { ModulesContainer } from '@nestjs/core';
import { bootstrapEnd, bootstrapInstances } from './bootstrap-order.js';
import { hasHook, wrapHook } from './wrapped-hook.js';
import { isObject } from '../support/shape.js';

/**
 * The property in which an application keeps its one {@link BootstrapHooks}. Each module may come
 * from another copy of the package, so the public members are a contract between copies.
 */
const HOOKS = Symbol.for('nestjs-sidecar-agent:bootstrap-hooks');

/** What a module does when the bootstrap hooks have ended. */
export interface BootListener {
  /** Every hook has succeeded. The last one waits for the promise and fails with it. */
  booted(): Promise<void>;
  /** As `booted`, but Nest waits for nothing: the listener keeps its failure to itself. */
  bootedUnawaited(): void;
  /** The hook of an instance has failed. */
  bootFailed(name: string, thrown: unknown): void;
}

/**
 * Tells when every `onApplicationBootstrap` of the application has succeeded. Nest has no event for
 * it: `HttpAdapterHost.init$` comes before the hooks, `init()` without `listen()` has none after
 * them, and the hook of a global module runs first. So the hook that Nest runs last is extended.
 * The other hooks are wrapped only to name one that fails or does not end.
 *
 * The wrappers are there from `onModuleInit` until the end of the hooks, since an instance can
 * outlive the application or be part of two.
 */
export class BootstrapHooks {
  readonly #modules: ModulesContainer;
  readonly #listeners = new Set<BootListener>();
  readonly #running = new Set<{ readonly name: string }>();
  #restores: (() => void)[] = [];
  #reachedEnd = false;
  #failed = false;

  private constructor(modules: ModulesContainer) {
    this.#modules = modules;
  }

  /** Returns the one of the application, which its modules share. */
  static of(modules: ModulesContainer): BootstrapHooks {
    const known: unknown = Reflect.get(modules, HOOKS);
    if (known) return known as BootstrapHooks;
    const hooks = new BootstrapHooks(modules);
    Object.defineProperty(modules, HOOKS, { value: hooks });
    return hooks;
  }

  /** The names of the instances whose hooks have started and not ended. */
  get running(): readonly string[] {
    return [...new Set([...this.#running].map(({ name }) => name))];
  }

  /** Adds a listener, before `onModuleInit`. */
  notify(listener: BootListener): void {
    this.#listeners.add(listener);
  }

  /**
   * Wraps the hooks. Each module calls it in `onModuleInit`; Nest runs that again if it is about to
   * run the bootstrap hooks again.
   */
  wrap(): void {
    if (this.#failed || this.#restores.length > 0) return;
    this.#reachedEnd = false;
    for (const instance of bootstrapInstances(this.#modules)) {
      if (hasHook(instance)) this.#wrap(instance, (run) => this.#observe(nameOf(instance), run));
    }
    const end = bootstrapEnd(this.#modules);
    if (!end) return;
    this.#wrap(end.instance, async (run) => {
      await run();
      await this.#reachEnd(end.isLast);
    });
  }

  #wrap(instance: object, around: Parameters<typeof wrapHook>[1]): void {
    const restore = wrapHook(instance, around);
    // The end is wrapped over its own wrapper, so the latest is taken away first.
    if (restore) this.#restores.unshift(restore);
  }

  #observe(name: string, run: () => unknown): unknown {
    const hook = { name };
    this.#running.add(hook);
    const ended = () => {
      this.#running.delete(hook);
      if (this.#reachedEnd) this.#completeWhenQuiet();
    };
    const failed = (thrown: unknown): never => {
      this.#running.delete(hook);
      this.#fail(name, thrown);
      throw thrown;
    };
    let result: unknown;
    try {
      result = run();
    } catch (thrown) {
      return failed(thrown);
    }
    if (!isThenable(result)) {
      ended();
      return result;
    }
    return Promise.resolve(result).then((value) => {
      ended();
      return value;
    }, failed);
  }

  async #reachEnd(isLast: boolean): Promise<void> {
    if (this.#failed) return;
    if (!isLast) {
      this.#reachedEnd = true;
      this.#completeWhenQuiet();
      return;
    }
    this.#restore();
    await Promise.all([...this.#listeners].map((listener) => listener.booted()));
  }

  /**
   * The class of the root module depends on a request, so other hooks of that module follow. Only
   * microtasks lie between the end of one hook and the start of the next.
   */
  #completeWhenQuiet(): void {
    setImmediate(() => {
      if (this.#failed || !this.#reachedEnd || this.#running.size > 0) return;
      this.#reachedEnd = false;
      this.#restore();
      for (const listener of this.#listeners) listener.bootedUnawaited();
    });
  }

  #fail(name: string, thrown: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#restore();
    for (const listener of this.#listeners) listener.bootFailed(name, thrown);
  }

  #restore(): void {
    for (const restore of this.#restores.splice(0)) restore();
  }
}

function isThenable(value: unknown): boolean {
  const isHolder = isObject(value) || typeof value === 'function';
  return isHolder && typeof Reflect.get(value, 'then') === 'function';
}

function nameOf(instance: object): string {
  return instance.constructor?.name || 'a provider';
}
