import { readDuration } from '../support/timing/duration.js';
import type { ConsulOptions, ConsulService } from './consul-options.interface.js';

/** The options of `consulProviders`, completed. Durations are milliseconds. */
export interface ConsulSettings {
  /** Empty for the address of the node. */
  readonly address: string;
  readonly ttl: number;
  /** Absent if Consul does not connect to the port. */
  readonly portCheck?: number;
  readonly reapAfter: number;
  readonly service: ConsulService;
}

const DEFAULT_TTL = '10s';
const DEFAULT_REAP_AFTER = '1m';

/** Completes options with their defaults. `consulOptionFaults` must have found no fault in them. */
export function completeConsulOptions(options: ConsulOptions): ConsulSettings {
  const {
    address = '',
    ttl = DEFAULT_TTL,
    portCheck,
    reapAfter = DEFAULT_REAP_AFTER,
    service = {},
  } = options;
  return {
    address,
    ttl: readDuration(ttl) ?? 0,
    portCheck: portCheck === undefined ? undefined : readDuration(portCheck),
    reapAfter: readDuration(reapAfter) ?? 0,
    service,
  };
}
