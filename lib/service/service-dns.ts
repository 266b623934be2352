/** The logical port that callers dial where a service says no other. */
export const DEFAULT_SERVICE_PORT = 9090;

/** The parts of a service's DNS name where a service says no others. */
export const DEFAULT_NAME_PARTS = {
  namespace: 'default',
  type: 'svc',
  clusterDomain: 'cluster.local',
} as const;

/** What the DNS name of a service is made of. */
export interface ServiceName {
  /** The service's name, such as `'auth'`. */
  readonly name: string;
  /** @default 'default' */
  readonly namespace?: string;
  /** @default 'svc' */
  readonly type?: string;
  /** @default 'cluster.local' */
  readonly clusterDomain?: string;
}

/**
 * The name by which the mesh knows a service: `{name}.{namespace}.{type}.{clusterDomain}`, without a port. The parts are taken
 * as they are.
 *
 * @example
 * ```ts
 * serviceDns({ name: 'auth' }); // 'auth.default.svc.cluster.local'
 * ```
 */
export function serviceDns({
  name,
  namespace = DEFAULT_NAME_PARTS.namespace,
  type = DEFAULT_NAME_PARTS.type,
  clusterDomain = DEFAULT_NAME_PARTS.clusterDomain,
}: ServiceName): string {
  return `${name}.${namespace}.${type}.${clusterDomain}`;
}
