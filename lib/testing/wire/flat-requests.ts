import * as v from 'valibot';

import type { DrainCommand, LeaveCommand, RegisterCommand } from './agent-command.js';
import { gracePeriod, methods, port, text, weight } from './body-fields.js';
import { goObject } from './go-object.js';
import { jsonObject, readBody } from './read-body.js';
import { routeDocumentOf } from './route-document.js';

/** The fields in the order of the wire, which is the order of the faults in an answer. */
const registerBody = goObject({
  app_id: text,
  app_name: text,
  name: text,
  namespace: text,
  port,
  dns: text,
  env: text,
  weight,
  protocol: text,
  kernel: goObject({ language: text, version: text }),
  methods: v.pipe(methods, v.minLength(1, 'must not be empty')),
  version: text,
});

const instanceFields = { name: text, port };
const deregisterBody = goObject(instanceFields);
const drainBody = goObject({ ...instanceFields, grace_period: gracePeriod });

/**
 * Reads a register of the `flat` dialect.
 *
 * @throws {@link RefusedRequestError}
 */
export function parseFlatRegister(body: unknown, rawBody: string): RegisterCommand {
  const flat = readBody(registerBody, body);
  // Go's agent compares what it has read: repeated methods and unknown fields change nothing.
  const methods = [...new Set(flat.methods.map((method) => method.trim()))];
  return {
    identity: flatIdentity(flat.name, flat.port),
    rawBody,
    fields: JSON.stringify({ ...flat, methods }),
    routes: routeDocumentOf({ ...flat, methods }),
    instanceId: undefined,
    description: {
      dialect: 'flat',
      appId: flat.app_id,
      name: flat.name,
      namespace: flat.namespace,
      env: flat.env,
      version: flat.version,
      dns: flat.dns,
      protocol: flat.protocol,
      weight: flat.weight,
      port: flat.port,
      servicePort: flat.port,
      methods: Object.freeze([...flat.methods]),
      httpRoutes: [],
      request: jsonObject(body),
    },
  };
}

/**
 * Reads a drain of the `flat` dialect.
 *
 * @throws {@link RefusedRequestError}
 */
export function parseFlatDrain(body: unknown): DrainCommand {
  const drain = readBody(drainBody, body);
  return { ...leaveOf(drain), gracePeriod: drain.grace_period };
}

/**
 * Reads a deregister of the `flat` dialect.
 *
 * @throws {@link RefusedRequestError}
 */
export function parseFlatDeregister(body: unknown): LeaveCommand {
  return leaveOf(readBody(deregisterBody, body));
}

function leaveOf(instance: { name: string; port: number }): LeaveCommand {
  const { name, port } = instance;
  return { identity: flatIdentity(name, port), subject: `${name}:${port}` };
}

function flatIdentity(name: string, port: number): string {
  return JSON.stringify(['flat', name, port]);
}
