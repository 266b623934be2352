import * as v from 'valibot';
import { FULL_METHOD, FULL_METHOD_EXPECTED } from './full-method.js';

/** A whole number above 0. */
export const count = (what: string) =>
  v.pipe(v.number(what), v.integer(what), v.minValue(1, what), v.maxValue(Number.MAX_SAFE_INTEGER, what));

/** The share of calls. */
export const weight = count('must be a whole number above 0');

/** Full paths of gRPC methods. */
export const methods = v.array(
  v.pipe(v.string('must be a string'), v.regex(FULL_METHOD, FULL_METHOD_EXPECTED)),
  'must be a list of method paths',
);

/** What may change while the service runs. */
export const changesSchema = v.object({
  weight: v.optional(weight),
  methods: v.optional(methods),
  httpRoutes: v.optional(v.array(v.unknown(), 'must be a list of routes')),
});

/** The routes of the option `httpRoutes`, as to the types of their properties: a list of routes is checked when it is one. */
export const routesSchema = v.array(
  v.object({
    httpMethod: v.string('must be a string'),
    path: v.string('must be a string'),
    fullMethod: v.optional(v.string('must be a string')),
    upstreamPath: v.optional(v.string('must be a string')),
    stripPrefix: v.optional(v.boolean('must be true or false')),
  }),
);
