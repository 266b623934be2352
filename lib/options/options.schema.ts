import * as v from 'valibot';
import { type Duration, LONGEST_DURATION, readDuration } from './duration.js';

const PORT = 'must be a whole number from 1 to 65535';

const text = v.pipe(v.string('must be a string'), v.regex(/\S/, 'must not be blank'));
const port = v.pipe(v.number(PORT), v.integer(PORT), v.minValue(1, PORT), v.maxValue(65_535, PORT));
const count = (what: string) =>
  v.pipe(v.number(what), v.integer(what), v.minValue(1, what), v.maxValue(Number.MAX_SAFE_INTEGER, what));

function duration(least: 'may be zero' | 'above zero') {
  const expected = `must be milliseconds or a duration such as "20s" or "1m30s", ${
    least === 'above zero' ? 'above zero and ' : ''
  }at most ${LONGEST_DURATION} ms`;
  return v.pipe(
    v.union([v.number(), v.string()], expected),
    v.check((value) => {
      const milliseconds = readDuration(value);
      return milliseconds !== undefined && (least === 'may be zero' || milliseconds >= 1);
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
const headerName = v.pipe(
  v.string(),
  v.regex(/^[\w!#$%&'*+.^`|~-]+$/, 'is no name that a header can have'),
  v.check((name) => !RESERVED_HEADERS.has(name.toLowerCase()), 'is set by the module itself'),
);
const headerValue = v.pipe(
  v.string('must be a string'),
  v.regex(/^[\t\u0020-\u007e\u0080-\u00ff]*$/, 'must be text that a header can carry, without line breaks'),
);

/** Every option with what it must be on its own; what options mean to each other is checked in `resolveOptions`. */
export const optionsSchema = v.strictObject({
  app: v.strictObject({
    id: text,
    name: text,
    env: text,
    version: text,
    instanceId: v.optional(text),
    secret: v.optional(v.string('must be a string')),
  }),
  service: v.strictObject({
    name: text,
    namespace: v.optional(text),
    type: v.optional(text),
    clusterDomain: v.optional(text),
    port: v.optional(port),
    weight: v.optional(count('must be a whole number above 0')),
  }),
  kernel: v.optional(v.strictObject({ language: text, version: text })),
  protocol: v.optional(v.picklist(['grpc', 'http'], 'must be "grpc" or "http"')),
  serverPort: v.optional(port),
  managedPort: v.optional(v.union([v.literal(0), port], 'must be a whole number from 0 to 65535')),
  dns: v.optional(v.pipe(text, v.regex(/^[^\s:/]+$/, 'must be a host name, without a port'))),
  grpc: v.optional(
    v.looseObject({
      package: v.union([text, v.array(text)], 'must be a package name or a list of them'),
      url: v.optional(v.string('must be a string')),
    }),
  ),
  methods: v.optional(
    v.array(
      v.pipe(
        v.string('must be a string'),
        v.regex(/^\/[^/\s]+\/[^/\s]+$/, 'must look like "/package.Service/Method"'),
      ),
      'must be a list of method paths',
    ),
  ),
  gatewayManifestPath: v.optional(text),
  baseUrl: v.optional(text),
  watchUrl: v.optional(text),
  socketPath: v.optional(text),
  headers: v.optional(v.record(headerName, headerValue)),
  tls: v.optional(v.looseObject({})),
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
    v.union([v.boolean(), duration('above zero')], 'must be true, false or a duration such as "20s"'),
  ),
  onError: v.optional(v.function('must be a function')),
});

/** A duration that the schema has passed, in milliseconds. */
export function milliseconds(value: Duration | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  return value === '' ? 0 : (readDuration(value) ?? fallback);
}
