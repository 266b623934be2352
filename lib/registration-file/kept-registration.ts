import * as v from 'valibot';
import type { DeregisterRequest, Dialect } from '../agent/protocol/dialect.js';
import { syntaxFault } from '../support/json/json-faults.js';
import { port } from '../support/schema/port.js';
import { schemaFaults } from '../support/schema/schema-faults.js';
import { text } from '../support/schema/text.js';
import { wholeNumber } from '../support/schema/whole-number.js';

/** Names the form of a registration file. */
const SCHEMA = 'nestjs-sidecar-agent.registrations.v1';

const registration = v.object({
  agent: v.object({ baseUrl: text, socketPath: v.optional(text) }),
  dialect: v.optional(v.picklist(['node', 'flat'], 'must be "node" or "flat"')),
  consulId: v.optional(text),
  app: v.object({ id: text, env: text, instanceId: text }),
  service: v.object({ name: text, namespace: text, port }),
  process: v.object({
    pid: wholeNumber(1, Number.MAX_SAFE_INTEGER, 'must be a whole number above 0'),
    started: v.string('must be a string'),
    pidNamespace: v.optional(text),
    host: v.optional(text),
  }),
});

const file = v.object({
  schema: v.literal(SCHEMA, `must be "${SCHEMA}"`),
  registrations: v.array(registration, 'must be a list'),
});

/** A process, so that it is not taken for a later one with the same id. */
export interface KeptProcess {
  readonly pid: number;
  /** Differs from the mark of every other process with this id. */
  readonly started: string;
  /** The PID namespace in which the id is one; absent on systems that have none. */
  readonly pidNamespace?: string;
  readonly host?: string;
}

/** What a registration file has of one service: what it takes to deregister it. */
export interface KeptRegistration {
  /** The address of the agent. Headers and TLS options are not kept. */
  readonly agent: { readonly baseUrl: string; readonly socketPath?: string };
  /** The dialect that the agent speaks, if it is known. */
  readonly dialect?: Dialect;
  /** The id of the instance at a Consul agent; absent at a sidecar-agent. */
  readonly consulId?: string;
  readonly app: { readonly id: string; readonly env: string; readonly instanceId: string };
  /** `port` is the port that the process listens on. */
  readonly service: { readonly name: string; readonly namespace: string; readonly port: number };
  readonly process: KeptProcess;
}

/** The content of a registration file, or why it is not one. */
export type RegistrationsText =
  { readonly registrations: readonly KeptRegistration[] } | { readonly fault: string };

/** Reads the content of a registration file. A `fault` does not quote the text. */
export function parseRegistrations(content: string): RegistrationsText {
  let root: unknown;
  try {
    root = JSON.parse(content);
  } catch {
    return { fault: syntaxFault(content) };
  }
  const wording = { whole: 'file', unknown: 'unknown field', isConfidential: () => true };
  const [fault] = schemaFaults(file, root, wording);
  if (fault) return { fault: `${fault.path}: ${fault.message}` };
  return { registrations: v.parse(file, root).registrations };
}

/** Writes the content of a registration file. */
export function formatRegistrations(registrations: readonly KeptRegistration[]): string {
  return `${JSON.stringify({ schema: SCHEMA, registrations }, undefined, 2)}\n`;
}

/** Returns what a deregister of the instance sends. */
export function deregisterRequestOf({ app, service }: KeptRegistration): DeregisterRequest {
  return {
    appId: app.id,
    appInstanceId: app.instanceId,
    serviceName: service.name,
    servicePort: service.port,
  };
}
