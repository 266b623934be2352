import type { Duration } from '../support/timing/duration.js';

/**
 * The fields that the module sets: it makes the id, and the options of the module say the others.
 * In place of a namespace, give the header `x-consul-namespace`.
 */
type SetByModule = 'ID' | 'Name' | 'Address' | 'Port' | 'Weights' | 'Namespace';

/**
 * A service in Consul's own words, as `PUT /v1/agent/service/register` takes it. What the module
 * sets itself cannot be given.
 *
 * @see https://developer.hashicorp.com/consul/api-docs/agent/service#register-service
 */
export interface ConsulService extends Partial<Record<SetByModule, never>> {
  /** The tags of the service. */
  Tags?: readonly string[];
  /**
   * Meta entries beside those of the module, with other keys: letters, digits, `-` and `_`, values
   * of 512 bytes at most.
   */
  Meta?: Readonly<Record<string, string>>;
  /** Checks beside those of the module. */
  Checks?: readonly Readonly<Record<string, unknown>>[];
  /** Any other field, such as `Connect` or `TaggedAddresses`, as Consul takes it. */
  [field: string]: unknown;
}

/**
 * The options of `consulProviders`. Where the Consul agent is, its token and its TLS files come
 * from the options of the module, or from the environment.
 */
export interface ConsulOptions {
  /**
   * The address that callers dial: an IP address or a host name, without a scheme or a port. Give
   * it if the service runs in a container.
   * @default the address of the Consul agent's node
   */
  address?: string;
  /**
   * How long Consul lists the instance as passing if the process does not refresh it, 1 s or more
   * and `reapAfter` at most. The module refreshes it three times as often.
   * @default '10s'
   */
  ttl?: Duration;
  /**
   * How often Consul connects to the port of the service, 1 s or more, so that it sees a crash
   * sooner than by `ttl`. Consul must reach the address. After each restart of the Consul agent,
   * the instance is critical until the first connection.
   * @default none: Consul does not connect
   */
  portCheck?: Duration;
  /**
   * How long Consul keeps an instance that is critical before it deregisters it, 1 minute or more:
   * `DeregisterCriticalServiceAfter` in Consul's words.
   * @default '1m'
   */
  reapAfter?: Duration;
  /**
   * More of the service, in Consul's own words: `Tags`, `Meta` and `Checks` are added to those of
   * the module, other fields are passed on.
   * @default {}
   * @example
   * ```ts
   * service: { Tags: ['blue'], Meta: { team: 'payments' }, Connect: { SidecarService: {} } }
   * ```
   */
  service?: ConsulService;
}
