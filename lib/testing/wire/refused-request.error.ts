/**
 * Why an agent refuses a request.
 *
 * - `invalid_json`: the body is not a JSON object, or a field is mistyped.
 * - `invalid_field`: a field is missing, blank or out of bounds.
 * - `unknown_instance`: the agent does not hold the instance.
 * - `route_conflict`: the service published other routes before.
 * - `registry_full`: the agent holds as many instances, or as large ones, as it may.
 * - `lost_check`: the registry behind the agent has lost what the agent still holds.
 */
export type RefusedRequestErrorKind =
  'invalid_json' | 'invalid_field' | 'unknown_instance' | 'route_conflict' | 'registry_full' | 'lost_check';

/** The agent refuses a request. The message becomes part of the answer. */
export class RefusedRequestError extends Error {
  override readonly name = 'RefusedRequestError';
  readonly kind: RefusedRequestErrorKind;
  /** All faults, in the order of the fields on the wire. */
  readonly data: { readonly faults: readonly string[] };

  constructor(kind: RefusedRequestErrorKind, faults: readonly string[], cause?: unknown) {
    super(faults.join('; '), cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.data = { faults };
  }
}
