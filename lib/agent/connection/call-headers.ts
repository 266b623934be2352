import { headerFaults } from '../../support/header-faults.js';
import type { HeaderValues } from './agent-endpoint.js';

/**
 * Returns the headers of every request with those of one call. The former win, in either case. What
 * cannot be sent is left out: it must not fail the call.
 */
export function withCallHeaders(headers: HeaderValues, ofCall: HeaderValues | undefined): HeaderValues {
  const added = Object.entries(ofCall ?? {});
  if (added.length === 0) return headers;
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const sendable = added.filter(
    ([name, value]) => !names.has(name.toLowerCase()) && headerFaults({ [name]: value }).length === 0,
  );
  return { ...Object.fromEntries(sendable), ...headers };
}
