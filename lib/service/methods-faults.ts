import type { OptionFault } from '../errors/invalid-options.error.js';

/**
 * What is wrong with a list of methods for a service of this protocol. An http service has none, and an empty list says so.
 *
 * @param leftOut what it is for to leave the list out: `for reflection`
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
      : `must not be empty for a gRPC service; leave it out ${leftOut}`;
  return [{ path: 'methods', message }];
}
