import type { Dialect } from '../agent/protocol/dialect.js';
import type { ServiceNode } from '../service/service-node.js';
import type { ServiceSource } from '../service/service-source.js';
import { messageOf } from '../support/text/describe-thrown.js';
import { findLeftOver, withoutRegistration, withRegistration } from './choose-registration.js';
import { isAlive, lifeOf, thisProcess } from './kept-process.js';
import type { KeptRegistration } from './kept-registration.js';
import { RegistrationsFile } from './registrations-file.js';

/** The settings of the registration file. */
export interface KeeperSettings {
  readonly path: string;
  /** The address of the agent. */
  readonly agent: KeptRegistration['agent'];
  /** The dialect of the options. */
  readonly dialect: Dialect | 'auto';
  /** Returns the id of an instance at a Consul agent; absent at a sidecar-agent. */
  readonly consulId?: (serviceName: string, port: number) => string;
  /** Whether the options give the instance id. */
  readonly hasFixedId: boolean;
}

/** What the keeper uses of Nest's logger. */
export interface KeeperLogger {
  log(line: string): void;
  warn(line: string): void;
}

/**
 * Keeps the registration of one service in a file, so that a later process can continue or
 * deregister it if this one is killed. Failures are logged once and change nothing else: the file
 * must not keep a service from its registration.
 */
export class RegistrationKeeper {
  readonly #settings: KeeperSettings;
  readonly #logger: KeeperLogger;
  readonly #file: RegistrationsFile;
  readonly #process = thisProcess();
  #kept?: KeptRegistration;
  #isLeftOver = false;
  #hasFailed = false;

  constructor(settings: KeeperSettings, logger: KeeperLogger) {
    this.#settings = settings;
    this.#logger = logger;
    this.#file = new RegistrationsFile(settings.path);
  }

  /**
   * Continues the instance that a dead process has left of the same service, with its instance id.
   * Otherwise the agent would keep the dead instance beside the new one.
   */
  resume(identity: ServiceSource['identity']): ServiceSource['identity'] {
    return this.#locked(() => this.#resume(identity)) ?? identity;
  }

  /** Whether {@link resume} has continued an instance. */
  get isLeftOver(): boolean {
    return this.#isLeftOver;
  }

  /** Keeps what is about to be registered, or was registered. */
  remember({ app, service, serverPort }: ServiceNode, spoken: Dialect | undefined): void {
    const { agent, dialect, consulId } = this.#settings;
    this.#keep({
      agent,
      dialect: spoken ?? (dialect === 'auto' ? undefined : dialect),
      consulId: consulId?.(service.name, serverPort),
      app: { id: app.id, env: app.env, instanceId: app.instanceId },
      service: { name: service.name, namespace: service.namespace, port: serverPort },
      process: this.#process,
    });
  }

  /** Removes the registration, which the agent no longer has. */
  forget(): void {
    const kept = this.#kept;
    if (!kept) return;
    this.#locked(() => this.#file.write(withoutRegistration(this.#file.read().registrations, kept)));
    this.#kept = undefined;
  }

  #resume(identity: ServiceSource['identity']): ServiceSource['identity'] {
    this.#setAsideIfBad();
    const { service, serverPort: port } = identity;
    const { agent, hasFixedId } = this.#settings;
    const app = { ...identity.app, instanceId: hasFixedId ? identity.app.instanceId : undefined };
    const starting = { agent, app, service: { name: service.name, namespace: service.namespace, port } };
    const { registrations } = this.#file.read();
    const leftOver = findLeftOver(registrations, starting, isAlive);
    if (!leftOver) {
      this.#tellOfHidden(findLeftOver(registrations, starting, (process) => lifeOf(process) !== 'hidden'));
      return identity;
    }
    // Written at once: a process that starts beside this one must not take the same id.
    this.#write({ ...leftOver, process: this.#process });
    this.#isLeftOver = true;
    const { instanceId } = leftOver.app;
    this.#logger.log(
      `Continuing instance ${instanceId} of process ${leftOver.process.pid}, which ended without a deregister`,
    );
    return { ...identity, app: { ...identity.app, instanceId } };
  }

  #tellOfHidden(hidden: KeptRegistration | undefined): void {
    if (!hidden) return;
    const { app, process } = hidden;
    this.#logger.warn(
      `Not continuing instance ${app.instanceId}: process ${process.pid} of host ${process.host} may be ` +
        'running in another container. Give each container a registrationFile of its own',
    );
  }

  #keep(registration: KeptRegistration): void {
    if (JSON.stringify(registration) === JSON.stringify(this.#kept)) return;
    this.#locked(() => this.#write(registration));
  }

  #write(registration: KeptRegistration): void {
    const { registrations } = this.#file.read();
    const others = this.#kept ? withoutRegistration(registrations, this.#kept) : registrations;
    this.#file.write(withRegistration(others, registration, isAlive));
    this.#kept = registration;
  }

  #setAsideIfBad(): void {
    const { fault } = this.#file.read();
    if (fault === undefined) return;
    this.#logger.warn(
      `registrationFile ${this.#file.path} is not a registration file (${fault}): moved to ${this.#file.setAside()}`,
    );
  }

  #locked<Result>(work: () => Result): Result | undefined {
    try {
      return this.#file.locked(work);
    } catch (thrown) {
      if (!this.#hasFailed) {
        this.#logger.warn(
          `Cannot use registrationFile ${this.#file.path}: ${messageOf(thrown)}. If the process is killed, ` +
            'the agent keeps its instance. Give a path that this user may read and write',
        );
      }
      this.#hasFailed = true;
      return undefined;
    }
  }
}
