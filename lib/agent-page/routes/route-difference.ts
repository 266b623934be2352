/** What agents of the flat dialect publish for a service, and compare at the next register. */
export interface PublishedRoutes {
  readonly port: number;
  readonly version: string;
  readonly methods: readonly string[];
}

/** A field in which a register differs from what its service has published. */
export interface RouteDifference {
  readonly field: 'port' | 'version' | 'methods';
  /** What the service has published; of methods, those that the register lacks. */
  readonly published: string;
  /** What the register has; of methods, those that are not published. */
  readonly given: string;
}

/** Where a service publishes its routes. */
export interface RouteOwner {
  readonly env: string;
  readonly namespace: string;
  readonly name: string;
}

/** Returns the key in Consul under which a service publishes its routes. */
export function routeKey({ env, namespace, name }: RouteOwner): string {
  return `routes/${env}/${namespace}/${name}/current`;
}

/** Returns in which fields a register differs from what its service has published. */
export function routeDifferences(published: PublishedRoutes, given: PublishedRoutes): RouteDifference[] {
  const missing = published.methods.filter((method) => !given.methods.includes(method));
  const added = given.methods.filter((method) => !published.methods.includes(method));
  const all: RouteDifference[] = [
    { field: 'port', published: String(published.port), given: String(given.port) },
    { field: 'version', published: published.version, given: given.version },
    { field: 'methods', published: listed(missing), given: listed(added) },
  ];
  return all.filter((difference) => difference.published !== difference.given);
}

/** Says what to do about a route document conflict. */
export function conflictAdvice(owner: RouteOwner): string {
  return (
    `All instances of ${owner.name} must have the same port, version and methods, since the agent publishes ` +
    'one route document for the name. Give one of the two services another name, or register what is ' +
    `published. If the published routes are out of date, delete the key ${routeKey(owner)} in Consul; ` +
    'an embedded agent forgets it when its process ends.'
  );
}

function listed(methods: readonly string[]): string {
  return [...methods].sort().join(', ');
}
