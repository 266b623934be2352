import { EmbeddedAgentError } from './embedded-agent.error.js';

/** What is left of a type once its falsy values are taken out. */
export type Truthy<T> = Exclude<T, false | 0 | 0n | '' | null | undefined>;

/** How {@link EmbeddedAgent.waitFor} waits. */
export interface WaitForOptions {
  /**
   * Milliseconds until it gives up. The default is below the five seconds that Jest and Vitest give a test, so that
   * this error is the one you read.
   *
   * @default 4000
   */
  timeout?: number;
  /**
   * What is waited for, in words, for the error.
   *
   * @default 'the condition'
   */
  description?: string;
}

/** What a wait depends on. */
export interface WaitContext {
  /** Calls back whenever the condition may have changed; returns what ends that. */
  readonly observe: (observer: () => void) => () => void;
  /** What there was to see, for the error. */
  readonly describe: () => string;
}

/** Resolves with what a check returns as soon as that is truthy; rejects at the timeout, or with what the check throws. */
export function waitUntil<T>(
  check: () => T,
  options: WaitForOptions,
  context: WaitContext,
): Promise<Truthy<T>> {
  const { timeout = 4_000, description = 'the condition' } = options;
  return new Promise((resolve, reject) => {
    let unobserve = (): void => undefined;
    // Without a hold on the process: a stopped agent must keep nothing alive, and a running one keeps itself.
    const timer = setTimeout(() => settle(() => reject(timedOut())), timeout).unref();
    const settle = (how: () => void): void => {
      clearTimeout(timer);
      unobserve();
      how();
    };
    const timedOut = (): EmbeddedAgentError => {
      const message = `Waited ${timeout} ms in vain for ${description}. ${context.describe()}`;
      return new EmbeddedAgentError('wait_timeout', message, { timeout, description });
    };
    const look = (): void => {
      try {
        const value = check();
        refusePromise(value);
        if (isTruthy(value)) settle(() => resolve(value));
      } catch (error) {
        settle(() => reject(error));
      }
    };
    unobserve = context.observe(look);
    look();
  });
}

function isTruthy<T>(value: T): value is Truthy<T> {
  return Boolean(value);
}

/** A promise is truthy, so an async condition would hold at once and prove nothing. */
function refusePromise(value: unknown): void {
  if (typeof value !== 'object' || value === null || !('then' in value)) return;
  const fault = 'the condition of waitFor returned a promise, expected its value: it must not be async';
  throw new EmbeddedAgentError('invalid_options', `Cannot wait: ${fault}.`, { faults: [fault] });
}
