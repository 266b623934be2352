import type { KeptProcess, KeptRegistration } from './kept-registration.js';

type Registrations = readonly KeptRegistration[];

/** Returns whether a process still runs. */
export type IsAlive = (process: KeptProcess) => boolean;

/** The service that starts; without a port if the system chooses it. */
export interface StartingService {
  readonly agent: KeptRegistration['agent'];
  /** Without an instance id if any may be continued. */
  readonly app: Omit<KeptRegistration['app'], 'instanceId'> & { readonly instanceId?: string };
  readonly service: Omit<KeptRegistration['service'], 'port'> & { readonly port?: number };
}

/**
 * Returns the registration that a dead process left of the same service at the same agent, or
 * `undefined` if there is none.
 */
export function findLeftOver(
  registrations: Registrations,
  { agent, app, service }: StartingService,
  isAlive: IsAlive,
): KeptRegistration | undefined {
  return registrations.find(
    (kept) =>
      isSameAgent(kept.agent, agent) &&
      kept.app.id === app.id &&
      kept.app.env === app.env &&
      (app.instanceId === undefined || kept.app.instanceId === app.instanceId) &&
      kept.service.name === service.name &&
      kept.service.namespace === service.namespace &&
      mayHavePort(kept, service.port) &&
      !isAlive(kept.process),
  );
}

/**
 * Returns the list with a registration, in place of those that it replaces: its own earlier one,
 * and what a dead process left of the same instance. Others stay, so that they can be deregistered.
 */
export function withRegistration(
  registrations: Registrations,
  added: KeptRegistration,
  isAlive: IsAlive,
): Registrations {
  const others = registrations.filter((kept) => {
    const mayReplace = isSameProcess(kept, added) || !isAlive(kept.process);
    return !(mayReplace && isSameInstance(kept, added));
  });
  return [...others, added];
}

/**
 * Returns the registration of a process that runs and serves the same instance on the agent, or
 * `undefined` if there is none.
 */
export function findSuccessor(
  registrations: Registrations,
  ended: KeptRegistration,
  isAlive: IsAlive,
): KeptRegistration | undefined {
  return registrations.find((kept) => isAlive(kept.process) && isSameInstance(ended, kept));
}

/** Returns the list without the registration of the same instance by the same process. */
export function withoutRegistration(registrations: Registrations, removed: KeptRegistration): Registrations {
  return registrations.filter((kept) => !(isSameProcess(kept, removed) && isSameInstance(kept, removed)));
}

/**
 * Returns whether the left-over may be continued on a port; `undefined` if it is not known yet.
 * Agents of the flat dialect know an instance by its port: on another port it is another instance.
 */
function mayHavePort({ dialect, service }: KeptRegistration, port: number | undefined): boolean {
  return port === undefined ? dialect === 'node' : service.port === port;
}

function isSameAgent(one: KeptRegistration['agent'], other: KeptRegistration['agent']): boolean {
  return one.baseUrl === other.baseUrl && one.socketPath === other.socketPath;
}

function isSameProcess({ process: one }: KeptRegistration, { process: other }: KeptRegistration): boolean {
  const hasSameMark = one.pid === other.pid && one.started === other.started;
  // Two containers that are started together may have the same ids and start times.
  return hasSameMark && one.pidNamespace === other.pidNamespace;
}

/** Returns whether a register of `added` replaces `kept` on the agent, in the dialect of `kept`. */
function isSameInstance(kept: KeptRegistration, added: KeptRegistration): boolean {
  if (!isSameAgent(kept.agent, added.agent)) return false;
  if (kept.consulId !== undefined) return kept.consulId === added.consulId;
  const hasSameId = kept.app.id === added.app.id && kept.app.instanceId === added.app.instanceId;
  const hasSamePort = kept.service.name === added.service.name && kept.service.port === added.service.port;
  if (kept.dialect === undefined) return hasSameId && hasSamePort;
  return kept.dialect === 'flat' ? hasSamePort : hasSameId;
}
