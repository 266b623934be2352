import type { HeaderValues } from './agent-endpoint.js';

/** Returns the headers of every request with those of one call. The former win, in either case. */
export function withCallHeaders(headers: HeaderValues, ofCall: HeaderValues | undefined): HeaderValues {
  const added = Object.entries(ofCall ?? {});
  if (added.length === 0) return headers;
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  return { ...Object.fromEntries(added.filter(([name]) => !names.has(name.toLowerCase()))), ...headers };
}
