/** The logical port that callers dial, unless the service sets another. */
export const DEFAULT_SERVICE_PORT = 9090;

/** The parts of a service's DNS name, unless the service sets others. */
export const DEFAULT_NAME_PARTS = {
  namespace: 'default',
  type: 'svc',
  clusterDomain: 'cluster.local',
} as const;

/**
 * The parts of a service's DNS name. `name`, `namespace` and `type` each have 1 to 63 letters,
 * digits, `-` or `_`, with a letter or digit at both ends. `clusterDomain` is a host name without a
 * port.
 */
export interface ServiceName {
  /** The name of the service, such as `'auth'`. */
  readonly name: string;
  /**
   * The namespace that the service belongs to.
   *
   * @default 'default'
   */
  readonly namespace?: string;
  /**
   * The type of the service.
   *
   * @default 'svc'
   */
  readonly type?: string;
  /**
   * The domain of the mesh.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;
}

/**
 * Returns the name by which the mesh knows a service: `{name}.{namespace}.{type}.{clusterDomain}`,
 * without a port. It does not check the parts.
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
