import { messageOf } from '../support/text/describe-thrown.js';
import type { SidecarErrorKind } from './sidecar-error-kind.js';

/**
 * What every error of this package is an instance of: `name` is the class, `kind` the stable name for dashboards,
 * `cause` the error underneath, if there is one.
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

  /** Gives any thrown value the form of a `SidecarAgentError`, of kind `runtime_error` unless it has one already. */
  static from(thrown: unknown): SidecarAgentError {
    if (thrown instanceof SidecarAgentError) return thrown;
    return new SidecarAgentError('runtime_error', messageOf(thrown), { cause: thrown });
  }
}
