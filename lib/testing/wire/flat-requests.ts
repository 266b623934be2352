import type { DrainCommand, LeaveCommand, RegisterCommand } from './agent-command.js';
import { BodyReader } from './body-reader.js';

/**
 * Reads a register of the `flat` dialect.
 *
 * @throws {@link RefusedRequestError}
 */
export function parseFlatRegister(body: unknown, rawBody: string): RegisterCommand {
  const reader = new BodyReader(body);
  const appId = reader.text('app_id');
  // Read for their faults, like the kernel below: this agent demands every string and uses few.
  reader.text('app_name');
  const name = reader.text('name');
  const namespace = reader.text('namespace');
  const port = reader.port('port');
  const dns = reader.text('dns');
  const env = reader.text('env');
  const weight = reader.weight('weight');
  const protocol = reader.text('protocol');
  reader.text('kernel.language');
  reader.text('kernel.version');
  const methods = reader.methods('methods', 1);
  const version = reader.text('version');
  reader.finish();
  return {
    identity: flatIdentity(name, port),
    rawBody,
    instanceId: undefined,
    description: {
      dialect: 'flat',
      appId,
      name,
      namespace,
      env,
      version,
      dns,
      protocol,
      weight,
      port,
      servicePort: port,
      methods,
      httpRoutes: [],
      request: reader.object,
    },
  };
}

/**
 * Reads a drain of the `flat` dialect.
 *
 * @throws {@link RefusedRequestError}
 */
export function parseFlatDrain(body: unknown): DrainCommand {
  const reader = new BodyReader(body);
  const leave = readLeave(reader);
  const gracePeriod = reader.gracePeriod('grace_period');
  reader.finish();
  return { ...leave, gracePeriod };
}

/**
 * Reads a deregister of the `flat` dialect.
 *
 * @throws {@link RefusedRequestError}
 */
export function parseFlatDeregister(body: unknown): LeaveCommand {
  const reader = new BodyReader(body);
  const leave = readLeave(reader);
  reader.finish();
  return leave;
}

function readLeave(reader: BodyReader): LeaveCommand {
  const name = reader.text('name');
  const port = reader.port('port');
  return { identity: flatIdentity(name, port), subject: `${name}:${port}` };
}

function flatIdentity(name: string, port: number): string {
  return JSON.stringify(['flat', name, port]);
}
