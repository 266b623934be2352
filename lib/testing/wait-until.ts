import { hasMethods } from '../support/shape.js';
import { EmbeddedAgentError } from './embedded-agent.error.js';

/** A type without its falsy values. */
export type Truthy<T> = Exclude<T, false | 0 | 0n | '' | null | undefined>;

/** The options of {@link EmbeddedAgent.waitFor}. */
export interface WaitForOptions {
  /**
   * Milliseconds until the wait fails. The default is below the 5 seconds that Jest and Vitest give
   * a test, so that you see this error and not theirs.
   *
   * @default 4000
   */
  timeout?: number;
  /**
   * The condition in words, for the error message.
   *
   * @default 'the condition'
   */
  description?: string;
}

/** How a wait learns about changes. */
export interface WaitContext {
  /** Calls the observer whenever the result may have changed; returns a function that ends this. */
  readonly observe: (observer: () => void) => () => void;
  /** Describes the current state, for the error message. */
  readonly describe: () => string;
}

/**
 * Waits until the check returns a truthy value, and resolves with it. Rejects at the timeout, and
 * with anything that the check throws.
 */
export function waitUntil<T>(
  check: () => T,
  options: WaitForOptions,
  context: WaitContext,
): Promise<Truthy<T>> {
  const { timeout = 4_000, description = 'the condition' } = options;
  return new Promise((resolve, reject) => {
    let unobserve = (): void => undefined;
    // A stopped agent must not keep the process alive, and a running one does so by itself.
    const timer = setTimeout(() => settle(() => reject(timedOut())), timeout).unref();
    const settle = (how: () => void): void => {
      clearTimeout(timer);
      unobserve();
      how();
    };
    const timedOut = (): EmbeddedAgentError => {
      const message = `Timed out after ${timeout} ms waiting for ${description}. ${context.describe()}`;
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

/** A promise is truthy, so an async condition would come true immediately. */
function refusePromise(value: unknown): void {
  if (!hasMethods(value, 'then')) return;
  const fault = 'the condition must not be async, got a promise';
  throw new EmbeddedAgentError('invalid_options', `Cannot wait: ${fault}.`, { faults: [fault] });
}
