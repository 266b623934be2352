/**
 * Why an agent answers 400.
 *
 * - `invalid_json`: the body is no JSON object, or a field has another type than the wire says.
 * - `invalid_field`: a field is missing, blank or out of bounds.
 * - `unknown_instance`: it asks for an instance that the agent does not hold.
 */
export type RefusedRequestErrorKind = 'invalid_json' | 'invalid_field' | 'unknown_instance';

/** A body that the agent refuses; its message goes into the answer. */
export class RefusedRequestError extends Error {
  override readonly name = 'RefusedRequestError';
  readonly kind: RefusedRequestErrorKind;
  /** Every fault that was found, in the order of the wire's fields. */
  readonly data: { readonly faults: readonly string[] };

  constructor(kind: RefusedRequestErrorKind, faults: readonly string[], cause?: unknown) {
    super(faults.join('; '), cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.data = { faults };
  }
}
