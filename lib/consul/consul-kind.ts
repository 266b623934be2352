import type { AgentKind } from '../agent/connection/agent-kind.js';
import { serviceId } from './consul-service.js';
import type { ConsulSettings } from './consul-settings.js';

/** Returns what the module needs to know of a Consul agent to which it registers. */
export function consulKind({ address, ttl }: Pick<ConsulSettings, 'address' | 'ttl'>): AgentKind {
  return {
    name: 'Consul agent',
    addressOption: 'CONSUL_HTTP_ADDR or baseUrl (Consul agents listen on port 8500)',
    socketOption: 'CONSUL_HTTP_ADDR or socketPath',
    plainAdvice:
      'if the agent does not use TLS, give an http:// address with CONSUL_HTTP_ADDR or baseUrl, and leave CONSUL_HTTP_SSL out',
    tlsAdvice: "check the agent's certificate and CONSUL_CACERT, or the option tls",
    stream: 'connection',
    registerCall: 'PUT /v1/agent/service/register',
    instanceId: (serviceName, port) => serviceId(serviceName, address, port),
    lease: ttl,
  };
}
