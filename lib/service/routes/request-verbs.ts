import { RequestMethod } from '@nestjs/common';

/** What a gateway's route can be for, but for custom verbs: the methods that `google.api.http` names. */
const COMMON_VERBS = ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'] as const;

/**
 * The HTTP methods that a route is announced for: the one of its decorator, or for `@All()` the five common ones, since the
 * wire has no word for "any".
 */
export function requestVerbs(method: RequestMethod): readonly string[] {
  if (method === RequestMethod.ALL) return COMMON_VERBS;
  const verb = RequestMethod[method] as string | undefined;
  return verb === undefined ? [] : [verb];
}
