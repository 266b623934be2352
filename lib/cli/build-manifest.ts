import { readHttpRules } from '../service/routes/google-http-rules.js';
import type { GatewayManifest } from '../service/manifest/gateway-manifest.js';
import { CliError } from './cli.error.js';
import type { ProtoService } from './proto-services.js';

/**
 * Makes the manifest of what protos declare.
 *
 * @param packages those to take, with the packages below them; empty for every service of the given files
 * @throws CliError where there is nothing to declare, or the annotations break a rule
 */
export function buildManifest(found: readonly ProtoService[], packages: readonly string[]): GatewayManifest {
  const known = [...new Set(found.map(({ packageName }) => packageName))].sort();
  for (const name of packages) {
    if (!known.some((each) => isWithin(each, name))) {
      throw new CliError(
        `--package ${name}: no service is in it. Packages with a service: ${known.join(', ') || 'none'}`,
        1,
      );
    }
  }
  const chosen = found.filter(({ packageName, isGiven, rules }) => {
    const isChosen = packages.length === 0 ? isGiven : packages.some((name) => isWithin(packageName, name));
    // A manifest has no service without a method.
    return isChosen && rules.size > 0;
  });
  if (chosen.length === 0) throw new CliError('the given .proto files declare no service with an rpc', 1);
  return {
    services: chosen
      .map(({ name, rules }) => ({ name, methods: [...rules.keys()].sort() }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
    routes: annotatedRoutes(chosen),
  };
}

function annotatedRoutes(services: readonly ProtoService[]): GatewayManifest['routes'] {
  const rules = services.flatMap((service) => [...service.rules]).filter(([, rule]) => rule !== undefined);
  const { routes, faults } = readHttpRules(new Map(rules));
  if (faults.length === 0) return routes;
  throw new CliError(
    `these routes cannot be declared:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    1,
  );
}

function isWithin(packageName: string, name: string): boolean {
  return packageName === name || packageName.startsWith(`${name}.`);
}
