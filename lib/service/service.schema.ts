import * as v from 'valibot';
import { wholeNumber } from '../support/schema/whole-number.js';
import { FULL_METHOD, FULL_METHOD_EXPECTED } from './full-method.js';

/** Accepts the relative share of calls. */
export const weight = wholeNumber(1, Number.MAX_SAFE_INTEGER, 'must be a whole number above 0');

/** Accepts full paths of gRPC methods. */
export const methods = v.array(
  v.pipe(v.string('must be a string'), v.regex(FULL_METHOD, FULL_METHOD_EXPECTED)),
  'must be a list of method paths',
);

/** Accepts the changes of a running service. Their routes are checked separately. */
export const changesSchema = v.object({
  weight: v.optional(weight),
  methods: v.optional(methods),
  httpRoutes: v.optional(v.array(v.unknown(), 'must be a list of routes')),
});

/** Accepts routes that a user lists in code, by the types of their properties. */
export const routesSchema = v.array(
  v.object({
    httpMethod: v.string('must be a string'),
    path: v.string('must be a string'),
    fullMethod: v.optional(v.string('must be a string')),
    upstreamPath: v.optional(v.string('must be a string')),
    stripPrefix: v.optional(v.boolean('must be true or false')),
  }),
);
