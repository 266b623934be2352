import { shortText } from '../../support/text/short-text.js';

/** The longest version, name or method that is shown, in characters. */
const LONGEST_VALUE = 200;
/** The most methods of one side that are shown. */
const MOST_METHODS = 50;

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
  const missing = without(published.methods, given.methods);
  const added = without(given.methods, published.methods);
  const all: RouteDifference[] = [
    { field: 'port', published: String(published.port), given: String(given.port) },
    { field: 'version', published: short(published.version), given: short(given.version) },
    { field: 'methods', published: listed(missing), given: listed(added) },
  ];
  return all.filter((difference) => difference.published !== difference.given);
}

/** What a route document conflict means, and what to do. */
export function conflictAdvice(owner: RouteOwner): Advice {
  return {
    meaning:
      `All instances of ${short(owner.name)} must have the same port, version and methods: agents publish one route ` +
      'document for the name, and never delete it.',
    remedies: [
      'If the two are different services, give one of them another name.',
      'If they are the same service, stop one of them: a host has one instance of a name and port. On other hosts, start it with the same port, version and methods.',
      'If the published routes are out of date, press Delete the route document (with --chaos), or restart the command of ' +
        'this agent, which has them in memory. At an agent with Consul, delete the key ' +
        `${shortText(routeKey(owner), 3 * LONGEST_VALUE)} in Consul.`,
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

function without(methods: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return methods.filter((method) => !known.has(method));
}

function listed(methods: readonly string[]): string {
  const shown = [...methods].sort().slice(0, MOST_METHODS).map(short);
  const rest = methods.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}

function short(text: string): string {
  return shortText(text, LONGEST_VALUE);
}
