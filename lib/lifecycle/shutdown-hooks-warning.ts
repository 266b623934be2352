import { filter, type Subscription, take } from 'rxjs';
import type { LifecycleParts } from './lifecycle-parts.js';
import { closesNothing } from './signal-listeners.js';

const MISSING_HOOKS =
  'No handler for SIGTERM: the process would end without draining and deregistering. Call ' +
  'app.enableShutdownHooks(), or run the application with runSidecarApp()';
const OTHER_LIBRARY =
  'No handler for SIGTERM closes the application, only one of another library was found: the process ' +
  'would end without draining and deregistering. Call app.enableShutdownHooks(), or run the ' +
  'application with runSidecarApp()';

/**
 * Warns if nothing closes the application at SIGTERM: once, as soon as the agent has accepted the
 * first register, since from then on it would keep the instance.
 */
export class ShutdownHooksWarning {
  readonly #parts: Pick<LifecycleParts, 'status$' | 'clock' | 'logger'>;
  #subscription?: Subscription;
  #cancelCheck = () => {};

  constructor(parts: Pick<LifecycleParts, 'status$' | 'clock' | 'logger'>) {
    this.#parts = parts;
  }

  /** Waits for the first register. */
  watch(): void {
    const { status$, clock } = this.#parts;
    const registered$ = status$.pipe(
      filter(({ phase }) => phase === 'registered'),
      take(1),
    );
    // One turn later: your code may call enableShutdownHooks() when listen() has resolved, which
    // with `waitForRegistration` is only now.
    this.#subscription ??= registered$.subscribe(
      () => (this.#cancelCheck = clock.after(0, () => this.#check())),
    );
  }

  /** Does not warn any more. */
  cancel(): void {
    this.#subscription?.unsubscribe();
    this.#cancelCheck();
  }

  #check(): void {
    const listeners = process.listeners('SIGTERM');
    if (closesNothing(listeners))
      this.#parts.logger.warn(listeners.length === 0 ? MISSING_HOOKS : OTHER_LIBRARY);
  }
}
