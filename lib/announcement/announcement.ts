import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { ServiceNode } from '../node/service-node.js';
import { changeServiceNode, type ServiceChanges } from '../node/build-service-node.js';
import { checkRoutesLead, checkServiceChanges } from '../options/check-service-changes.js';
import type { RegistrationController } from '../registration/registration.controller.js';
import { GatheredRun } from '../timing/gathered-run.js';
import type { SidecarClock } from '../timing/sidecar-clock.js';

/** Builds the node of what is served at this moment. */
export type DescribeService = () => Promise<ServiceNode>;

/** How long changes are gathered before they go out as one, in milliseconds. */
const GATHERING = 100;

/** What is announced of the service, from its start on and with every change. */
export class Announcement {
  readonly #registration: RegistrationController;
  readonly #describe: DescribeService;
  readonly #protocol: ServiceNode['protocol'];
  readonly #gathered: GatheredRun;
  /** What was changed before there was a node to change. */
  #early: ServiceChanges = {};
  /** The node with every change that was asked for: what is announced, or will be when they have been gathered. */
  #next?: ServiceNode;
  #started?: Promise<void>;

  constructor(
    registration: RegistrationController,
    describe: DescribeService,
    protocol: ServiceNode['protocol'],
    clock: SidecarClock,
  ) {
    this.#registration = registration;
    this.#describe = describe;
    this.#protocol = protocol;
    this.#gathered = new GatheredRun(clock, GATHERING, () => this.#announce());
  }

  /** Builds the node and announces it. Once is enough; after a failure it may be tried again. */
  start(): Promise<void> {
    this.#started ??= this.#start().catch((thrown: unknown) => {
      // What was missing may be there the next time.
      this.#started = undefined;
      throw thrown;
    });
    return this.#started;
  }

  /** Announces changes, together with others that come at the same time; what is wrong with one is no fault of theirs. */
  async update(changes: ServiceChanges): Promise<void> {
    const checked = checkServiceChanges(changes, this.#protocol);
    if (Object.keys(checked).length === 0) return;
    if (!this.#next) return this.#keep(checked);
    this.#next = changed(this.#next, checked);
    await this.#gathered.ask();
  }

  /** Without a node it can only be said whether the changes fit each other. */
  #keep(changes: ServiceChanges): void {
    const early = { ...this.#early, ...changes };
    const { methods, httpRoutes } = early;
    if (methods && httpRoutes) checkRoutesLead({ methods, httpRoutes });
    this.#early = early;
  }

  async #start(): Promise<void> {
    const described = await this.#describe();
    this.#next = this.#changedEarly(described);
    this.#registration.announce(this.#next);
  }

  /** Whoever asked has been told that it is kept: so a change that does not fit what is served is an error, and no end of the start. */
  #changedEarly(described: ServiceNode): ServiceNode {
    try {
      return changed(described, this.#early);
    } catch (thrown) {
      this.#registration.recordError(SidecarAgentError.from(thrown));
      return described;
    }
  }

  async #announce(): Promise<void> {
    if (this.#next) await this.#registration.update(this.#next);
  }
}

function changed(node: ServiceNode, changes: ServiceChanges): ServiceNode {
  if (Object.keys(changes).length === 0) return node;
  const after = changeServiceNode(node, changes);
  checkRoutesLead(after);
  return after;
}
