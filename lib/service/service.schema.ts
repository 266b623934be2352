import * as v from 'valibot';
import { FULL_METHOD, FULL_METHOD_EXPECTED } from './full-method.js';

/** Accepts a whole number above 0; `message` is the fault of any other value. */
export const count = (message: string) =>
  v.pipe(
    v.number(message),
    v.integer(message),
    v.minValue(1, message),
    v.maxValue(Number.MAX_SAFE_INTEGER, message),
  );

/** Accepts the relative share of calls. */
export const weight = count('must be a whole number above 0');

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
