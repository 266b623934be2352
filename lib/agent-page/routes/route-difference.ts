/** What agents of the flat dialect publish for a service, and compare at the next register. */
export interface PublishedRoutes {
  readonly port: number;
  readonly version: string;
  readonly methods: readonly string[];
}

/** Returns what is published under a key; `undefined` if nothing is. */
export type FindRoutes = (key: string) => PublishedRoutes | undefined;

/** A field in which a register differs from what its service has published. */
export interface RouteDifference {
  readonly field: 'port' | 'version' | 'methods';
  /** What the service has published; of methods, those that the register lacks. */
  readonly published: string;
  /** What the register has; of methods, those that are not published. */
  readonly given: string;
}

/** What something means, and what can be done about it. */
export interface Advice {
  readonly meaning: string;
  readonly remedies: readonly string[];
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

/** What a route document conflict means, and what to do. */
export function conflictAdvice(owner: RouteOwner): Advice {
  return {
    meaning:
      `All instances of ${owner.name} must have the same port, version and methods: agents publish one route ` +
      'document for the name, and never delete it.',
    remedies: [
      'If the two are different services, give one of them another name.',
      'If they are the same service, stop one of them: a host has one instance of a name and port. On other hosts, start it with the same port, version and methods.',
      `If the published routes are out of date, delete the key ${routeKey(owner)} in Consul. An agent in memory forgets it when its process ends.`,
    ],
  };
}

/** What a register without a method means, and what to do. */
export function noMethodsAdvice(): Advice {
  return {
    meaning: 'Agents of the dialect flat require at least one gRPC method.',
    remedies: [
      'A service of HTTP routes alone needs an agent of the dialect node.',
      'A gRPC service must have a handler for at least one method of its proto.',
    ],
  };
}

function listed(methods: readonly string[]): string {
  return [...methods].sort().join(', ');
}
