import { isIPv6 } from 'node:net';
import type { ServiceNode } from '../service/service-node.js';
import type { ConsulSettings } from './consul-settings.js';

/** What the module sends to register a service. */
export interface ConsulDefinition {
  readonly ID: string;
  readonly [field: string]: unknown;
}

/** The entries of Meta that sidecar-agents of other hosts read, and where the options give them. */
export const META = [
  ['app_id', 'app.id', ({ app }) => app.id],
  ['app_name', 'app.name', ({ app }) => app.name],
  ['instance_id', 'app.instanceId', ({ app }) => app.instanceId],
  ['env', 'app.env', ({ app }) => app.env],
  ['version', 'app.version', ({ app }) => app.version],
  ['namespace', 'service.namespace', ({ service }) => service.namespace],
  ['weight', 'service.weight', ({ service }) => String(service.weight)],
  ['dns', 'dns', ({ dns }) => dns],
  ['protocol', 'protocol', ({ protocol }) => protocol],
  ['kernel_language', 'kernel.language', ({ kernel }) => kernel.language],
  ['kernel_version', 'kernel.version', ({ kernel }) => kernel.version],
  ['run_date', '', ({ runDate }) => runDate],
] satisfies readonly (readonly [key: string, option: string, read: (node: ServiceNode) => string])[];

/**
 * Returns the id of an instance, which is unique within the Consul agent and the same at each
 * start: a process takes over what a killed one has left.
 */
export function serviceId(name: string, address: string, port: number): string {
  return [name, address, port].filter((part) => part !== '').join('-');
}

/** Returns the id of the check that the module refreshes. */
export function ttlCheckId(id: string): string {
  return `service:${id}:ttl`;
}

/** Writes a node as Consul takes it. */
export function consulService(node: ServiceNode, settings: ConsulSettings): ConsulDefinition {
  const { address, service } = settings;
  const ID = serviceId(node.service.name, address, node.serverPort);
  return {
    ...service,
    ID,
    Name: node.service.name,
    Address: address,
    Port: node.serverPort,
    Weights: { Passing: node.service.weight, Warning: 1 },
    Meta: { ...service.Meta, ...Object.fromEntries(META.map(([key, , read]) => [key, read(node)])) },
    Checks: [...ownChecks(ID, node.serverPort, settings), ...(service.Checks ?? [])],
  };
}

function ownChecks(id: string, port: number, { address, ttl, portCheck, reapAfter }: ConsulSettings) {
  // A check without a status is critical until it has run.
  const common = { Status: 'passing', DeregisterCriticalServiceAfter: `${reapAfter}ms` };
  const checks: object[] = [{ CheckID: ttlCheckId(id), Name: 'TTL', TTL: `${ttl}ms`, ...common }];
  if (portCheck === undefined) return checks;
  const host = isIPv6(address) ? `[${address}]` : address || '127.0.0.1';
  const interval = { TCP: `${host}:${port}`, Interval: `${portCheck}ms`, Timeout: '1s' };
  return [...checks, { CheckID: `service:${id}:port`, Name: 'Port', ...interval, ...common }];
}
