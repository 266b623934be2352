import type { OptionFault } from '../errors/invalid-options.error.js';

/**
 * Returns the faults of a list of methods for a service of this protocol. An http service has no
 * gRPC methods, and an empty list means the same.
 *
 * @param leftOut why to leave the list out instead of giving an empty one: `for reflection`
 */
export function methodsFaults(
  methods: readonly string[] | undefined,
  protocol: 'grpc' | 'http',
  leftOut: string,
): OptionFault[] {
  if (!methods || (methods.length === 0) === (protocol === 'http')) return [];
  const message =
    protocol === 'http'
      ? 'must be left out for an http service, which has no gRPC methods'
      : `must not be empty for a gRPC service: leave it out ${leftOut}`;
  return [{ path: 'methods', message }];
}
