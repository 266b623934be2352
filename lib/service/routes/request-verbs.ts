import { RequestMethod } from '@nestjs/common';

/** The HTTP methods that `google.api.http` names. Gateways may know more, as custom verbs. */
const COMMON_VERBS = ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'] as const;

/**
 * Returns the HTTP methods under which a route is registered: that of its decorator, or the five
 * common ones for `@All()`, since a registration has no value for "any method".
 */
export function requestVerbs(method: RequestMethod): readonly string[] {
  if (method === RequestMethod.ALL) return COMMON_VERBS;
  const verb = RequestMethod[method] as string | undefined;
  return verb === undefined ? [] : [verb];
}
