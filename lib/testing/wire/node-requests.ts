import type { DrainCommand, LeaveCommand, RegisterCommand } from './agent-command.js';
import { BodyReader } from './body-reader.js';

/**
 * Reads a register of the `node` dialect.
 *
 * @throws {@link RefusedRequestError}
 */
export function parseNodeRegister(body: unknown, rawBody: string): RegisterCommand {
  const reader = new BodyReader(body);
  const appId = reader.text('app.id');
  const env = reader.text('app.env');
  // Read for its faults; the service's name is the one that counts.
  reader.text('app.name');
  if (reader.optionalText('app.secret') !== '') {
    // Its value stays out of the message: answers are logged.
    reader.fault('app.secret must be the empty string: a secret never leaves its process');
  }
  const version = reader.text('app.version');
  const instanceId = reader.text('app.instance_id');
  const name = reader.text('service.name');
  reader.text('service.type');
  const namespace = reader.text('service.namespace');
  reader.text('service.cluster_domain');
  const servicePort = reader.port('service.port');
  const weight = reader.weight('service.weight');
  const protocol = reader.text('protocol');
  const port = reader.port('server_port');
  reader.port('managed_port', 0);
  const dns = reader.text('dns');
  // Only gRPC is routed by method.
  const methods = reader.methods('methods', protocol === 'grpc' ? 1 : 0);
  const httpRoutes = reader.httpRoutes('http_routes', methods);
  reader.finish();
  return {
    identity: nodeIdentity(appId, instanceId),
    rawBody,
    instanceId,
    description: {
      dialect: 'node',
      appId,
      name,
      namespace,
      env,
      version,
      dns,
      protocol,
      weight,
      port,
      servicePort,
      methods,
      httpRoutes,
      request: reader.object,
    },
  };
}

/**
 * Reads a drain of the `node` dialect.
 *
 * @throws {@link RefusedRequestError}
 */
export function parseNodeDrain(body: unknown): DrainCommand {
  const reader = new BodyReader(body);
  const leave = readLeave(reader);
  const gracePeriod = reader.gracePeriod('grace_period');
  reader.finish();
  return { ...leave, gracePeriod };
}

/**
 * Reads a deregister of the `node` dialect. The service's name and port are not looked at: later libraries leave them out.
 *
 * @throws {@link RefusedRequestError}
 */
export function parseNodeDeregister(body: unknown): LeaveCommand {
  const reader = new BodyReader(body);
  const leave = readLeave(reader);
  reader.finish();
  return leave;
}

function readLeave(reader: BodyReader): LeaveCommand {
  const appId = reader.text('app_id');
  const instanceId = reader.text('app_instance_id');
  return { identity: nodeIdentity(appId, instanceId), subject: `app ${appId}, instance ${instanceId}` };
}

function nodeIdentity(appId: string, instanceId: string): string {
  return JSON.stringify(['node', appId, instanceId]);
}
