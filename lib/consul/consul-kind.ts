import type { AgentKind } from '../agent/connection/agent-kind.js';
import { serviceId } from './consul-service.js';
import type { ConsulSettings } from './consul-settings.js';

/** The greatest weight that Consul accepts. */
export const HEAVIEST = 65_535;

/**
 * How long the agents of a cluster take to tell each other that one of them is gone, in
 * milliseconds: until then its services are listed, whatever their TTL, which it checks itself.
 */
const GOSSIP = 10_000;

/** Returns what the module needs to know of a Consul agent to which it registers. */
export function consulKind({ address }: Pick<ConsulSettings, 'address'>): AgentKind {
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
    heaviest: HEAVIEST,
    lease: GOSSIP,
  };
}
