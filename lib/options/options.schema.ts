import * as v from 'valibot';
import { count, methods, weight } from '../service/service.schema.js';
import { type Duration, LONGEST_DURATION, readDuration } from '../support/timing/duration.js';

const PORT = 'must be a whole number from 1 to 65535';

const PACKAGE = 'must be a package name or a list of them';
const text = v.pipe(v.string('must be a string'), v.regex(/\S/, 'must not be blank'));
const port = v.pipe(v.number(PORT), v.integer(PORT), v.minValue(1, PORT), v.maxValue(65_535, PORT));
const PORT_OR_NONE = 'must be a whole number from 0 to 65535';
const portOrNone = v.pipe(
  v.number(PORT_OR_NONE),
  v.integer(PORT_OR_NONE),
  v.minValue(0, PORT_OR_NONE),
  v.maxValue(65_535, PORT_OR_NONE),
);
/** Below a millisecond there is only zero: the agent's `grace_period` is written in whole ones. */
function duration(least: 'may be zero' | 'above zero', others = '') {
  const range =
    least === 'above zero' ? `from 1 to ${LONGEST_DURATION} ms` : `0, or from 1 to ${LONGEST_DURATION} ms`;
  const expected = `must be ${others}milliseconds or a duration such as "20s" or "1m30s", ${range}`;
  return v.pipe(
    v.union([v.number(), v.string()], expected),
    v.check((value) => {
      const milliseconds = readDuration(value);
      return (
        milliseconds !== undefined && (milliseconds >= 1 || (least === 'may be zero' && milliseconds === 0))
      );
    }, expected),
  );
}

/** What the module, or the connection, says itself. */
const RESERVED_HEADERS = new Set([
  'accept',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);
/** What is wrong with a header, if anything is. Its value is told to nobody. */
function headerFault(name: string, value: unknown): string | undefined {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return 'is no name that a header can have';
  if (RESERVED_HEADERS.has(name.toLowerCase())) return 'is set by the module itself';
  if (typeof value !== 'string') return 'must be a string';
  if (/^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(value)) return undefined;
  return 'must be text that a header can carry, without line breaks';
}

/** A list, a map or a `Headers` would pass for an object, and say nothing. */
const plainObject = v.custom<Record<string, unknown>>(
  (value) => Object.prototype.toString.call(value) === '[object Object]',
  'must be an object',
);

/** Not `v.record`, which passes over names such as `constructor`. */
const headers = v.pipe(
  plainObject,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const [key, value] of Object.entries(dataset.value)) {
      const message = headerFault(key, value);
      const path = [{ type: 'object', origin: 'value', input: dataset.value, key, value }] as const;
      if (message) addIssue({ message, path: [...path] });
    }
  }),
);

/**
 * Every option with what it must be on its own. What options mean to each other is checked in `resolveOptions`; those that do not
 * exist are found by `unknownOptions`, since a strict object of valibot names the first alone.
 */
export const optionsSchema = v.object({
  app: v.object({
    id: text,
    name: text,
    env: text,
    version: text,
    instanceId: v.optional(text),
    secret: v.optional(v.string('must be a string')),
  }),
  service: v.object({
    name: text,
    namespace: v.optional(text),
    type: v.optional(text),
    clusterDomain: v.optional(text),
    port: v.optional(port),
    weight: v.optional(weight),
  }),
  kernel: v.optional(v.object({ language: text, version: text })),
  protocol: v.optional(v.picklist(['grpc', 'http'], 'must be "grpc" or "http"')),
  serverPort: v.optional(port),
  managedPort: v.optional(portOrNone),
  dns: v.optional(v.pipe(text, v.regex(/^[^\s:/]+$/, 'must be a host name, without a port'))),
  grpc: v.optional(
    v.looseObject({
      package: v.union([text, v.pipe(v.array(text), v.nonEmpty(PACKAGE))], PACKAGE),
      url: v.optional(v.string('must be a string')),
    }),
  ),
  methods: v.optional(methods),
  httpRoutes: v.optional(
    v.union(
      [v.picklist(['annotations', 'manifest']), v.literal(false), v.array(v.unknown())],
      'must be "annotations", "manifest", false or a list of routes',
    ),
  ),
  gatewayManifestPath: v.optional(text),
  manifestMismatch: v.optional(v.picklist(['error', 'warn'], 'must be "error" or "warn"')),
  baseUrl: v.optional(text),
  watchUrl: v.optional(text),
  socketPath: v.optional(text),
  headers: v.optional(headers),
  tls: v.optional(plainObject),
  dialect: v.optional(v.picklist(['auto', 'node', 'flat'], 'must be "auto", "node" or "flat"')),
  gracePeriod: v.optional(
    v.union([v.literal(''), duration('may be zero')], 'must be a duration such as "20s", or 0'),
  ),
  drainDelay: v.optional(duration('may be zero')),
  shutdownTimeout: v.optional(duration('above zero')),
  requestTimeout: v.optional(duration('above zero')),
  reconnectInterval: v.optional(duration('above zero')),
  maxReconnectInterval: v.optional(duration('above zero')),
  idleTimeout: v.optional(duration('above zero')),
  maxEventBytes: v.optional(count('must be a whole number of bytes above 0')),
  enabled: v.optional(v.boolean('must be true or false')),
  waitForRegistration: v.optional(
    v.union(
      [v.boolean(), duration('above zero', 'true, false, ')],
      'must be true, false or a duration such as "20s"',
    ),
  ),
  onError: v.optional(v.function('must be a function')),
});

/** A duration that the schema has passed, in milliseconds. */
export function milliseconds(value: Duration | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  return value === '' ? 0 : (readDuration(value) ?? fallback);
}
