import { InvalidOptionsError, type OptionFault } from '../errors/invalid-options.error.js';
import { got } from '../support/schema/got.js';
import { schemaFaults } from '../support/schema/schema-faults.js';
import type { ServiceChanges } from './build-service-node.js';
import { methodsFaults } from './methods-faults.js';
import { checkListedRoutes } from './routes/check-listed-routes.js';
import { describeStrayRoutes } from './routes/registered-routes.js';
import { changesSchema } from './service.schema.js';

/** What an agent accepts. */
export interface WeightLimit {
  /** What texts call the agent. */
  readonly name: string;
  /** The greatest weight; absent if it accepts each. */
  readonly heaviest?: number;
}

/**
 * Checks the changes of a running service, each on its own.
 *
 * @param kind the agent that must accept them
 * @returns the changes, with the routes in the order in which they are registered
 * @throws {InvalidOptionsError} that lists every fault
 */
export function checkServiceChanges(
  changes: ServiceChanges,
  protocol: 'grpc' | 'http',
  { name, heaviest = Infinity }: WeightLimit = { name: 'agent' },
): ServiceChanges {
  const faults = schemaFaults(changesSchema, changes, {
    whole: 'changes',
    unknown: `unknown change: use ${Object.keys(changesSchema.entries).join(', ')}`,
  });
  if (faults.length > 0) throw refused(faults);
  const { weight, methods, httpRoutes } = changes;
  if (weight !== undefined && weight > heaviest) {
    faults.push({ path: 'weight', message: `must be at most ${heaviest} at a ${name}${got(weight)}` });
  }
  faults.push(...methodsFaults(methods, protocol, 'to keep the registered methods'));
  const routes = httpRoutes && checkListedRoutes(httpRoutes, protocol, faults);
  if (faults.length > 0) throw refused(faults);
  return {
    ...(weight !== undefined && { weight }),
    ...(methods && { methods }),
    ...(routes && { httpRoutes: routes }),
  };
}

/**
 * Checks that every route to a gRPC method leads to a method of the same registration.
 *
 * @throws {InvalidOptionsError} that lists every route that does not
 */
export function checkRoutesLead({ methods, httpRoutes }: Required<Omit<ServiceChanges, 'weight'>>): void {
  const faults = describeStrayRoutes(httpRoutes, methods).map((stray) => ({
    path: 'httpRoutes',
    message: `${stray}, which is not registered: give methods and httpRoutes that match`,
  }));
  if (faults.length > 0) throw refused(faults);
}

function refused(faults: readonly OptionFault[]): InvalidOptionsError {
  return new InvalidOptionsError(faults, 'SidecarAgent.update');
}
