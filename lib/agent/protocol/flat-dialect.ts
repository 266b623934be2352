import { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import type { DialectEncoder } from './dialect.js';
import { formatGoDuration } from '../../support/timing/go-duration.js';

/**
 * The dialect of the Go library v0.0.5 to v0.0.9 and of the public agent. `port` is the port this
 * process listens on. Fields go in the order in which the Go library writes them.
 */
export const flatDialect: DialectEncoder = {
  register: (node) => {
    if (node.methods.length === 0) {
      throw new SidecarAgentError(
        'runtime_error',
        `the agent speaks the flat dialect, which cannot register "${node.service.name}": it needs at least one gRPC method, and the service has none; use an agent that speaks the node dialect`,
      );
    }
    return JSON.stringify({
      app_id: node.app.id,
      app_name: node.app.name.trim() === '' ? node.service.name : node.app.name,
      name: node.service.name,
      namespace: node.service.namespace,
      port: node.serverPort,
      dns: node.dns,
      env: node.app.env,
      weight: node.service.weight,
      protocol: node.protocol,
      kernel: { language: node.kernel.language, version: node.kernel.version },
      methods: node.methods,
      version: node.app.version,
    });
  },
  drain: (request) =>
    JSON.stringify({
      name: request.serviceName,
      port: request.servicePort,
      grace_period: formatGoDuration(request.gracePeriod),
    }),
  deregister: (request) => JSON.stringify({ name: request.serviceName, port: request.servicePort }),
};
