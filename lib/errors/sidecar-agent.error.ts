import { messageOf } from '../support/text/describe-thrown.js';
import type { SidecarErrorKind } from './sidecar-error-kind.js';

/**
 * The base class of every error of this package. `name` is the name of the class, `kind` a stable
 * name for dashboards, and `cause` the error underneath, if there is one. The module also throws it
 * as it is, with kind `runtime_error`, for what has no class of its own.
 */
export class SidecarAgentError extends Error {
  override readonly name: string = 'SidecarAgentError';

  /**
   * @param kind the stable name of what went wrong
   * @param message what happened and what to do
   */
  constructor(
    readonly kind: SidecarErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /**
   * Returns a `SidecarAgentError` as it is, and wraps any other thrown value in one of kind
   * `runtime_error`, with that value as its `cause`.
   */
  static from(thrown: unknown): SidecarAgentError {
    if (thrown instanceof SidecarAgentError) return thrown;
    return new SidecarAgentError('runtime_error', messageOf(thrown), { cause: thrown });
  }
}
