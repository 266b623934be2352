import type { OptionFault } from '../errors/invalid-options.error.js';
import { DEFAULT_NAME_PARTS, type ServiceName } from './service-dns.js';

/** What is wrong with the parts of a service's DNS name; their paths begin with `service`. */
export function serviceNameFaults(service: ServiceName): OptionFault[] {
  const { name, namespace, type, clusterDomain = DEFAULT_NAME_PARTS.clusterDomain } = service;
  const faults = Object.entries({ name, namespace, type, clusterDomain })
    .filter(([part, value]) => part === 'name' || value !== undefined)
    .filter(([, value]) => typeof value !== 'string' || !/^[^\s:/]+$/.test(value))
    .map(([part]) => ({
      path: `service.${part}`,
      message: 'must be a part of a host name, without a port',
    }));
  if (faults.length === 0 && name.endsWith(`.${clusterDomain}`)) {
    faults.push({
      path: 'service.name',
      message: `"${name}" is a whole DNS name: give the name alone, such as "${name.split('.')[0] ?? ''}"`,
    });
  }
  return faults;
}
