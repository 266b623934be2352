import type { OptionFault } from '../errors/invalid-options.error.js';
import { shown } from '../support/text/describe-value.js';
import { DEFAULT_NAME_PARTS, type ServiceName } from './service-dns.js';

/** Returns the faults of the parts of a service's DNS name. Their paths start with `service`. */
export function serviceNameFaults(service: ServiceName): OptionFault[] {
  const { name, namespace, type, clusterDomain = DEFAULT_NAME_PARTS.clusterDomain } = service;
  const faults = Object.entries({ name, namespace, type, clusterDomain })
    .filter(([part, value]) => part === 'name' || value !== undefined)
    .filter(([, value]) => typeof value !== 'string' || !/^[^\s:/]+$/.test(value))
    .map(([part, value]) => ({
      path: `service.${part}`,
      message: `must be a part of a host name without a port, got ${shown(value)}`,
    }));
  if (faults.length === 0 && name.endsWith(`.${clusterDomain}`)) {
    const short = name.split('.')[0] ?? '';
    faults.push({
      path: 'service.name',
      message: `must be the name alone, such as ${shown(short)}, got the whole DNS name ${shown(name)}`,
    });
  }
  return faults;
}
