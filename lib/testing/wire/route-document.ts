import { sortUnique } from '../../support/text/sort-unique.js';

/** What decides whether two registers of the `flat` dialect publish the same routes. */
interface RoutedService {
  readonly env: string;
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  readonly version: string;
  readonly methods: readonly string[];
}

/** The routes of a service, as an agent of the `flat` dialect publishes them for routers. */
export interface RouteDocument {
  /** The name of the service. */
  readonly service: string;
  /** Where it is published: `routes/{env}/{namespace}/{service}/current`. */
  readonly key: string;
  readonly port: number;
  readonly version: string;
  /** Sorted and unique. */
  readonly methods: readonly string[];
  /** Equal for equal routes, in whatever order the methods were registered. */
  readonly content: string;
}

export function routeDocumentOf(service: RoutedService): RouteDocument {
  const { port, version } = service;
  const methods = sortUnique(service.methods);
  return {
    service: service.name,
    key: routeDocumentKey(service),
    port,
    version,
    methods,
    content: JSON.stringify([port, version, methods]),
  };
}

export function routeDocumentKey({
  env,
  namespace,
  name,
}: Pick<RoutedService, 'env' | 'namespace' | 'name'>): string {
  return `routes/${env}/${namespace}/${name}/current`;
}
