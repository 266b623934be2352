import * as v from 'valibot';
import { v7 as uuidv7 } from 'uuid';
import { InvalidOptionsError, type OptionFault } from '../errors/invalid-options.error.js';
import { DEFAULT_NAME_PARTS, DEFAULT_SERVICE_PORT, serviceDns } from '../service/service-dns.js';
import { serviceNameFaults } from '../service/service-name-faults.js';
import { resolveEndpoint } from './agent-endpoint.js';
import { LONGEST_DURATION } from '../support/timing/duration.js';
import { methodsFaults } from '../service/methods-faults.js';
import { milliseconds } from './options.schema.js';
import { ownFaults } from './own-faults.js';
import { portOfUrl } from '../service/port-of-url.js';
import { resolveHttpRoutes } from './resolve-http-routes.js';
import type { ResolvedOptions } from './resolved-options.js';
import type { SidecarAgentOptions } from './sidecar-agent-options.interface.js';

const SECOND = 1_000;
/**
 * Checks the options and completes them with their defaults.
 *
 * @param others faults found elsewhere, to be listed with the rest
 * @throws {InvalidOptionsError} that lists every fault, each with the path of its option
 */
export function resolveOptions(
  options: SidecarAgentOptions,
  others: readonly OptionFault[] = [],
): ResolvedOptions {
  const faults = [...others, ...ownFaults(options)];
  if (faults.length > 0 && !canBeCrossChecked(options)) throw new InvalidOptionsError(faults);
  const onTheirOwn = new Set(faults.map(({ path }) => path));
  const crossFaults: OptionFault[] = [];
  const protocol = options.protocol ?? 'grpc';
  const serverPort = options.serverPort ?? (protocol === 'http' ? undefined : portOfUrl(options.grpc?.url));
  const saysNothing = protocol === 'grpc' && !options.grpc && !options.methods;
  if (!serverPort && !saysNothing && !isKnownWhenBound(options)) {
    crossFaults.push({ path: 'serverPort', message: missingPort(options) });
  }
  if (saysNothing) {
    crossFaults.push({
      path: 'grpc',
      message: 'is required: give what stands under `options` for createMicroservice (or give `methods`)',
    });
  }
  if (options.dns === undefined && ![...onTheirOwn].some((path) => path.startsWith('service'))) {
    crossFaults.push(...serviceNameFaults(options.service));
  }
  crossFaults.push(...methodsFaults(options.methods, protocol, 'for reflection'));
  const routing = resolveHttpRoutes(options, crossFaults);
  const endpoint = resolveEndpoint(options, crossFaults);
  const requestTimeout = milliseconds(options.requestTimeout, 3 * SECOND);
  const gracePeriod = milliseconds(options.gracePeriod, 20 * SECOND);
  const reconnectInterval = milliseconds(options.reconnectInterval, SECOND);
  const maxReconnectInterval = milliseconds(
    options.maxReconnectInterval,
    Math.max(5 * SECOND, reconnectInterval),
  );
  if (maxReconnectInterval < reconnectInterval && !onTheirOwn.has('reconnectInterval')) {
    crossFaults.push({
      path: 'maxReconnectInterval',
      message: `must not be shorter than reconnectInterval, ${reconnectInterval} ms`,
    });
  }
  // What is no value of its option at all means nothing to the others.
  faults.push(...crossFaults.filter(({ path }) => !onTheirOwn.has(path)));
  if (faults.length > 0) throw new InvalidOptionsError(faults);

  const { app, service } = options;
  const named = {
    name: service.name,
    type: service.type ?? DEFAULT_NAME_PARTS.type,
    namespace: service.namespace ?? DEFAULT_NAME_PARTS.namespace,
    clusterDomain: service.clusterDomain ?? DEFAULT_NAME_PARTS.clusterDomain,
    port: service.port ?? DEFAULT_SERVICE_PORT,
    weight: service.weight ?? 100,
  };
  return Object.freeze({
    enabled: options.enabled ?? true,
    identity: {
      app: {
        id: app.id,
        name: app.name,
        env: app.env,
        version: app.version,
        instanceId: app.instanceId ?? uuidv7(),
      },
      kernel: { ...(options.kernel ?? { language: 'node', version: process.version }) },
      service: named,
      protocol,
      serverPort,
      managedPort: options.managedPort ?? 0,
      dns: options.dns ?? serviceDns(named),
    },
    methods: protocol === 'http' ? [] : options.methods,
    grpc: options.grpc,
    ...routing,
    endpoint,
    dialect: options.dialect ?? 'auto',
    gracePeriod,
    drainDelay: Math.min(milliseconds(options.drainDelay, 5 * SECOND), gracePeriod),
    shutdownTimeout: milliseconds(
      options.shutdownTimeout,
      Math.min(gracePeriod + 3 * requestTimeout, LONGEST_DURATION),
    ),
    requestTimeout,
    reconnectInterval,
    maxReconnectInterval,
    idleTimeout: milliseconds(options.idleTimeout, 15 * SECOND),
    maxEventBytes: options.maxEventBytes ?? 1_048_576,
    waitForRegistration: waitLimit(options.waitForRegistration),
    onError: options.onError,
  });
}

/** Whether the parts that the cross checks read have their right types, so that they can add to the list of faults. */
function canBeCrossChecked(options: unknown): options is SidecarAgentOptions {
  return v.is(
    v.looseObject({
      grpc: v.optional(v.looseObject({ url: v.optional(v.string()) })),
      methods: v.optional(v.array(v.unknown())),
      httpRoutes: v.optional(v.union([v.string(), v.literal(false), v.array(v.unknown())])),
      baseUrl: v.optional(v.string()),
      watchUrl: v.optional(v.string()),
    }),
    options,
  );
}

function missingPort({ grpc }: SidecarAgentOptions): string {
  if (!grpc) return 'is required: the port this process listens on';
  return `is required, for grpc.url ("${grpc.url}") names no port from 1 to 65535`;
}

/** Port 0, or none at all, becomes a port when the server is bound; a Unix socket never has one. */
function isKnownWhenBound({ protocol, grpc }: SidecarAgentOptions): boolean {
  if (protocol === 'http') return true;
  const url = grpc?.url ?? '';
  return grpc !== undefined && !url.startsWith('unix:') && (!/:\d+$/.test(url) || /:0+$/.test(url));
}

function waitLimit(value: SidecarAgentOptions['waitForRegistration']): number {
  return typeof value === 'boolean' ? (value ? 10 * SECOND : 0) : milliseconds(value, 0);
}
