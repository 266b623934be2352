import { uuidv7 } from 'uuidv7';
import { portOfUrl } from '../service/port-of-url.js';
import { DEFAULT_NAME_PARTS, DEFAULT_SERVICE_PORT, serviceDns } from '../service/service-dns.js';
import type { ServiceSource } from '../service/service-source.js';
import type { SidecarAgentOptions } from './sidecar-agent-options.interface.js';

/**
 * Completes the part of the node that the options determine, from options without a fault. The
 * app's secret is not part of it.
 */
export function completeIdentity(options: SidecarAgentOptions): ServiceSource['identity'] {
  const { app, kernel = { language: 'node', version: process.version }, protocol = 'grpc' } = options;
  const service = completeService(options.service);
  return {
    app: {
      id: app.id,
      name: app.name,
      env: app.env,
      version: app.version,
      instanceId: app.instanceId ?? uuidv7(),
    },
    kernel: { ...kernel },
    service,
    protocol,
    serverPort: knownPort(options),
    managedPort: options.managedPort ?? 0,
    dns: options.dns ?? serviceDns(service),
  };
}

/**
 * Returns the server's port, or `undefined` if the options do not say it: the bound server does
 * then.
 */
export function knownPort({ serverPort, protocol, grpc }: SidecarAgentOptions): number | undefined {
  return serverPort ?? (protocol === 'http' ? undefined : portOfUrl(grpc?.url));
}

function completeService(service: SidecarAgentOptions['service']): ServiceSource['identity']['service'] {
  return {
    name: service.name,
    type: service.type ?? DEFAULT_NAME_PARTS.type,
    namespace: service.namespace ?? DEFAULT_NAME_PARTS.namespace,
    clusterDomain: service.clusterDomain ?? DEFAULT_NAME_PARTS.clusterDomain,
    port: service.port ?? DEFAULT_SERVICE_PORT,
    weight: service.weight ?? 100,
  };
}
