import * as v from 'valibot';

import type { DrainCommand, LeaveCommand, RegisterCommand } from './agent-command.js';
import { gracePeriod, methods, optionalPort, port, secret, text, weight } from './body-fields.js';
import { goObject } from './go-object.js';
import { httpRouteFaults, httpRoutes } from './http-routes.js';
import { checkTogether, jsonObject, readBody } from './read-body.js';

/** The fields in the order of the wire, which is the order of the faults in an answer. */
const registerBody = v.pipe(
  goObject({
    app: goObject({ id: text, env: text, name: text, secret, version: text, instance_id: text }),
    service: goObject({ name: text, type: text, namespace: text, cluster_domain: text, port, weight }),
    protocol: text,
    server_port: port,
    managed_port: optionalPort,
    dns: text,
    methods,
    http_routes: httpRoutes,
  }),
  checkTogether((node) => [
    // Only gRPC is routed by method.
    ...(node.protocol === 'grpc' && node.methods.length === 0 ? ['methods must not be empty'] : []),
    ...httpRouteFaults(node.http_routes, node.methods),
  ]),
);

/** Later libraries leave out the service's name and port, so they are not read. */
const instanceFields = { app_id: text, app_instance_id: text };
const deregisterBody = goObject(instanceFields);
const drainBody = goObject({ ...instanceFields, grace_period: gracePeriod });

/**
 * Reads a register of the `node` dialect.
 *
 * @throws {@link RefusedRequestError}
 */
export function parseNodeRegister(body: unknown, rawBody: string): RegisterCommand {
  const { app, service, ...node } = readBody(registerBody, body);
  return {
    identity: nodeIdentity(app.id, app.instance_id),
    rawBody,
    instanceId: app.instance_id,
    description: {
      dialect: 'node',
      appId: app.id,
      name: service.name,
      namespace: service.namespace,
      env: app.env,
      version: app.version,
      dns: node.dns,
      protocol: node.protocol,
      weight: service.weight,
      port: node.server_port,
      servicePort: service.port,
      methods: Object.freeze([...node.methods]),
      httpRoutes: Object.freeze(node.http_routes),
      request: jsonObject(body),
    },
  };
}

/**
 * Reads a drain of the `node` dialect.
 *
 * @throws {@link RefusedRequestError}
 */
export function parseNodeDrain(body: unknown): DrainCommand {
  const drain = readBody(drainBody, body);
  return { ...leaveOf(drain), gracePeriod: drain.grace_period };
}

/**
 * Reads a deregister of the `node` dialect.
 *
 * @throws {@link RefusedRequestError}
 */
export function parseNodeDeregister(body: unknown): LeaveCommand {
  return leaveOf(readBody(deregisterBody, body));
}

function leaveOf(instance: { app_id: string; app_instance_id: string }): LeaveCommand {
  const { app_id: appId, app_instance_id: instanceId } = instance;
  return { identity: nodeIdentity(appId, instanceId), subject: `app ${appId}, instance ${instanceId}` };
}

function nodeIdentity(appId: string, instanceId: string): string {
  return JSON.stringify(['node', appId, instanceId]);
}
