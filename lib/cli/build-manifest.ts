import type { GatewayManifest } from '../service/manifest/gateway-manifest.js';
import { isInfrastructureService } from '../service/grpc/infrastructure-methods.js';
import { readHttpRules } from '../service/routes/google-http-rules.js';
import { sortUnique } from '../support/text/sort-unique.js';
import { CliError } from './cli.error.js';
import type { ProtoService } from './proto-services.js';

/**
 * Builds the manifest of the services that protos declare.
 *
 * @param packages only services of these packages and of those below them; if empty, every service
 *   of the given files
 * @param announceInfrastructure whether to declare gRPC's own services, such as health
 * @throws {CliError} if there is no service to declare, or if the annotations have faults
 */
export function buildManifest(
  found: readonly ProtoService[],
  packages: readonly string[],
  announceInfrastructure = false,
): GatewayManifest {
  requirePackages(found, packages);
  const chosen = found.filter(({ packageName, isGiven, rules }) => {
    const isChosen = packages.length === 0 ? isGiven : packages.some((name) => isWithin(packageName, name));
    // A manifest must not declare a service without methods.
    return isChosen && rules.size > 0;
  });
  if (chosen.length === 0) throw new CliError('the given .proto files declare no service with an rpc', 1);
  const announced = chosen.filter(({ name }) => announceInfrastructure || !isInfrastructureService(name));
  if (announced.length === 0) {
    const own = chosen.map(({ name }) => name).join(', ');
    throw new CliError(
      `there are only services of gRPC itself (${own}): give the .proto file of your service, or add --announce-infrastructure`,
      1,
    );
  }
  return {
    services: announced
      .map(({ name, rules }) => ({ name, methods: [...rules.keys()].sort() }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
    routes: annotatedRoutes(announced),
  };
}

function requirePackages(found: readonly ProtoService[], packages: readonly string[]): void {
  const known = sortUnique(found.map(({ packageName }) => packageName));
  const unknown = packages.find((name) => !known.some((each) => isWithin(each, name)));
  if (unknown === undefined) return;
  throw new CliError(
    `--package ${unknown}: this package has no service. Packages with a service: ${known.join(', ') || 'none'}`,
    1,
  );
}

function annotatedRoutes(services: readonly ProtoService[]): GatewayManifest['routes'] {
  const rules = services.flatMap((service) => [...service.rules]).filter(([, rule]) => rule !== undefined);
  const { routes, faults } = readHttpRules(new Map(rules));
  if (faults.length === 0) return routes;
  throw new CliError(
    `these HTTP routes are not valid:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    1,
  );
}

function isWithin(packageName: string, name: string): boolean {
  return packageName === name || packageName.startsWith(`${name}.`);
}
