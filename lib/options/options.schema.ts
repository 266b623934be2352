import * as v from 'valibot';
import { serviceName, serviceNamePart } from '../service/service-name.schema.js';
import { methods, weight } from '../service/service.schema.js';
import { port } from '../support/schema/port.js';
import { text } from '../support/schema/text.js';
import { wholeNumber } from '../support/schema/whole-number.js';
import { baseUrl, watchUrl } from './address.schema.js';
import { type DurationOption, durationSchema, type OptionOrigin } from './duration.schema.js';
import { headersOrFunction } from './headers.schema.js';
import { tls } from './tls.schema.js';

const PACKAGE = 'must be a package name or a list of them';

const string = v.string('must be a string');
const portOrNone = wholeNumber(0, 65_535, 'must be a whole number from 0 to 65535');

const requestPath = v.pipe(
  string,
  v.regex(/^\/[^\s?#]*$/, 'must be a path that starts with "/", without a query'),
);

/** Builds the schema of each option by itself, worded for where the options come from. */
export function optionsSchema(origin: OptionOrigin) {
  const duration = (option?: DurationOption) => v.optional(durationSchema(origin, option));
  return v.object({
    app: v.object({
      id: text,
      name: text,
      env: text,
      version: text,
      instanceId: v.optional(text),
      secret: v.optional(string),
    }),
    service: v.object({
      name: serviceName,
      namespace: v.optional(serviceNamePart),
      type: v.optional(serviceNamePart),
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
        url: v.optional(string),
      }),
    ),
    methods: v.optional(methods),
    announceInfrastructure: v.optional(v.boolean('must be true or false')),
    httpRoutes: v.optional(
      v.union(
        [v.picklist(['annotations', 'manifest']), v.literal(false), v.array(v.unknown())],
        'must be "annotations", "manifest", false or a list of routes',
      ),
    ),
    gatewayManifestPath: v.optional(text),
    manifestMismatch: v.optional(v.picklist(['error', 'warn'], 'must be "error" or "warn"')),
    baseUrl: v.optional(v.pipe(text, baseUrl)),
    watchUrl: v.optional(v.pipe(text, watchUrl)),
    socketPath: v.optional(text),
    headers: v.optional(headersOrFunction),
    tls: v.optional(tls),
    dialect: v.optional(v.picklist(['auto', 'node', 'flat'], 'must be "auto", "node" or "flat"')),
    gracePeriod: duration({ mayBeZero: true, mayBeEmpty: true }),
    drainDelay: duration({ mayBeZero: true, mayBeAuto: true }),
    shutdownTimeout: duration(),
    requestTimeout: duration(),
    reconnectInterval: duration(),
    maxReconnectInterval: duration(),
    reassertInterval: duration({ mayBeZero: true }),
    idleTimeout: duration(),
    probePaths: v.optional(v.array(requestPath, 'must be a list of paths')),
    maxEventBytes: v.optional(
      wholeNumber(1, Number.MAX_SAFE_INTEGER, 'must be a whole number of bytes above 0'),
    ),
    enabled: v.optional(v.boolean('must be true or false')),
    holdProcessExit: v.optional(v.boolean('must be true or false')),
    waitForRegistration: duration({ mayBeBoolean: true }),
    registrationFile: v.optional(text),
    onError: v.optional(v.function('must be a function')),
  });
}
