import { InvalidOptionsError, type OptionFault } from '../errors/invalid-options.error.js';
import type { ServiceChanges } from './build-service-node.js';
import { strayRoutes } from './routes/stray-routes.js';
import { checkedRoutes } from './routes/checked-routes.js';
import { methodsFaults } from './methods-faults.js';
import { changesSchema } from './service.schema.js';
import { schemaFaults } from '../support/schema/schema-faults.js';

/**
 * Checks what is to change of a running service, each change on its own.
 *
 * @returns the changes, with their routes in the order in which they are announced
 * @throws {InvalidOptionsError} that lists every fault
 */
export function checkServiceChanges(changes: ServiceChanges, protocol: 'grpc' | 'http'): ServiceChanges {
  const faults = schemaFaults(changesSchema, changes, {
    whole: 'changes',
    unknown: 'is no change that can be made; weight, methods and httpRoutes are',
  });
  if (faults.length > 0) throw refused(faults);
  const { weight, methods, httpRoutes } = changes;
  faults.push(...methodsFaults(methods, protocol, 'to keep those that are announced'));
  const routes = httpRoutes && checkedRoutes(httpRoutes, protocol, faults);
  if (faults.length > 0) throw refused(faults);
  return {
    ...(weight !== undefined && { weight }),
    ...(methods && { methods }),
    ...(routes && { httpRoutes: routes }),
  };
}

/**
 * Checks that the routes of a service which lead to gRPC methods lead to such as are announced.
 *
 * @throws {InvalidOptionsError} that lists every other one
 */
export function checkRoutesLead({ methods, httpRoutes }: Required<Omit<ServiceChanges, 'weight'>>): void {
  const faults = strayRoutes(httpRoutes, methods).map((stray) => ({
    path: 'httpRoutes',
    message: `${stray}, which is not announced: give methods and httpRoutes that fit each other`,
  }));
  if (faults.length > 0) throw refused(faults);
}

function refused(faults: readonly OptionFault[]): InvalidOptionsError {
  return new InvalidOptionsError(faults, 'SidecarAgent.update');
}
