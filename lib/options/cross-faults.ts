import type { OptionFault } from '../errors/invalid-options.error.js';
import { methodsFaults } from '../service/methods-faults.js';
import { clusterDomain } from '../service/service-name.schema.js';
import { got } from '../support/schema/got.js';
import { schemaFaults } from '../support/schema/schema-faults.js';
import { propertyOf } from '../support/shape.js';
import { deregisterReserve } from '../support/timing/deregister-reserve.js';
import { endpointFaults } from './agent-endpoint.js';
import { knownPort } from './complete-identity.js';
import { completeIntervals, completeTimes } from './complete-times.js';
import { httpRouteOptionFaults } from './http-route-option-faults.js';
import type { SidecarAgentOptions } from './sidecar-agent-options.interface.js';

/**
 * Returns the faults between options: those that are right by themselves and do not fit each other.
 *
 * @param refused the paths that have a fault of their own: nothing is compared with their values
 */
export function crossFaults(options: SidecarAgentOptions, refused: ReadonlySet<string>): OptionFault[] {
  const { protocol = 'grpc', methods } = options;
  return [
    ...serverFaults(options),
    ...clusterDomainFaults(options, refused),
    ...methodsFaults(methods, protocol, 'for reflection'),
    ...httpRouteOptionFaults(options),
    ...endpointFaults(options, refused),
    ...intervalFaults(options, refused),
    ...drainDelayFaults(options, refused),
  ];
}

/** The module learns methods and port from the gRPC server's options, unless they are given. */
function serverFaults(options: SidecarAgentOptions): OptionFault[] {
  const { protocol = 'grpc', grpc, methods } = options;
  if (protocol === 'http') return [];
  if (protocol === 'grpc' && !grpc && !methods) {
    return [
      {
        path: 'grpc',
        message:
          'is required: give the `options` object that you pass to createMicroservice, or give methods',
      },
    ];
  }
  if (knownPort(options) || isKnownWhenBound(grpc)) return [];
  const reason = grpc
    ? `grpc.url names no port from 1 to 65535${got(grpc.url)}`
    : 'give the port that this process listens on';
  return [{ path: 'serverPort', message: `is required: ${reason}` }];
}

/**
 * Without a port, or with port 0, the system chooses one at binding. A Unix socket never has a
 * port.
 */
function isKnownWhenBound(grpc: SidecarAgentOptions['grpc']): boolean {
  const url = grpc?.url ?? '';
  return grpc !== undefined && !url.startsWith('unix:') && (!/:\d+$/.test(url) || /:0+$/.test(url));
}

/** The domain of the mesh is a part of the DNS name, unless `dns` is given. */
function clusterDomainFaults(
  { dns, service }: SidecarAgentOptions,
  refused: ReadonlySet<string>,
): OptionFault[] {
  const path = 'service.clusterDomain';
  const domain = propertyOf(service, 'clusterDomain');
  if (dns !== undefined || domain === undefined || refused.has(path)) return [];
  return schemaFaults(clusterDomain, domain, { whole: path });
}

function intervalFaults(options: SidecarAgentOptions, refused: ReadonlySet<string>): OptionFault[] {
  if (refused.has('reconnectInterval')) return [];
  const { reconnectInterval, maxReconnectInterval } = completeIntervals(options);
  if (maxReconnectInterval >= reconnectInterval) return [];
  return [
    {
      path: 'maxReconnectInterval',
      message: `must not be shorter than reconnectInterval, ${reconnectInterval} ms, got ${maxReconnectInterval} ms`,
    },
  ];
}

/** An explicit `drainDelay` must leave time for the deregister. */
function drainDelayFaults(options: SidecarAgentOptions, refused: ReadonlySet<string>): OptionFault[] {
  const compared = ['gracePeriod', 'drainDelay', 'shutdownTimeout', 'requestTimeout'];
  if (compared.some((path) => refused.has(path))) return [];
  const times = completeTimes(options);
  const { drainDelay, shutdownTimeout } = times;
  const longest = shutdownTimeout - deregisterReserve(times);
  if (drainDelay === 'auto' || drainDelay <= longest) return [];
  const room = `${longest} ms, which is shutdownTimeout less the time for the deregister`;
  return [{ path: 'drainDelay', message: `must not be longer than ${room}, got ${drainDelay} ms` }];
}
