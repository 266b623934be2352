import type { DialectEncoder } from './dialect.js';
import { encodeHttpRoute } from '../../service/routes/encode-http-route.js';
import { formatGoDuration } from '../../support/timing/go-duration.js';

/**
 * The dialect of the Go library v0.1.0 and later. Fields go in the order in which the Go library
 * writes them.
 */
export const nodeDialect: DialectEncoder = {
  register: (node) =>
    JSON.stringify({
      app: {
        id: node.app.id,
        env: node.app.env,
        name: node.app.name,
        secret: '',
        version: node.app.version,
        instance_id: node.app.instanceId,
      },
      kernel: { language: node.kernel.language, version: node.kernel.version },
      service: {
        name: node.service.name,
        type: node.service.type,
        namespace: node.service.namespace,
        cluster_domain: node.service.clusterDomain,
        port: node.service.port,
        weight: node.service.weight,
      },
      protocol: node.protocol,
      server_port: node.serverPort,
      managed_port: node.managedPort,
      dns: node.dns,
      run_date: node.runDate,
      proto_count: node.protoCount,
      methods: node.methods,
      http_routes: node.httpRoutes.length === 0 ? undefined : node.httpRoutes.map(encodeHttpRoute),
    }),
  drain: (request) =>
    JSON.stringify({
      app_id: request.appId,
      app_instance_id: request.appInstanceId,
      service_name: request.serviceName,
      grace_period: formatGoDuration(request.gracePeriod),
    }),
  deregister: (request) =>
    JSON.stringify({
      app_id: request.appId,
      app_instance_id: request.appInstanceId,
      service_name: request.serviceName,
      service_port: request.servicePort,
    }),
};
