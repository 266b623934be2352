import type { OptionFault } from '../errors/invalid-options.error.js';
import { schemaFaults } from '../support/schema/schema-faults.js';
import type { ServiceName } from './service-dns.js';
import { serviceNameSchema } from './service-name.schema.js';

/** Returns the faults of the parts of a service's DNS name. Their paths start with `service`. */
export function serviceNameFaults(service: ServiceName): OptionFault[] {
  return schemaFaults(serviceNameSchema, service, { whole: 'service', above: 'service.' });
}
