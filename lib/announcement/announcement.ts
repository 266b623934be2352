import type { ServiceNode } from '../node/service-node.js';
import { changeServiceNode, type ServiceChanges } from '../node/build-service-node.js';
import { checkRoutesLead, checkServiceChanges } from '../options/check-service-changes.js';
import type { RegistrationController } from '../registration/registration.controller.js';
import { GatheredChanges } from '../timing/gathered-changes.js';
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
  readonly #changes: GatheredChanges<ServiceChanges>;
  /** What was changed before there was a node to change. */
  #early: ServiceChanges = {};
  #node?: ServiceNode;
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
    this.#changes = new GatheredChanges(clock, GATHERING, (changes) => this.#change(changes));
  }

  /** The node that is announced, once the service is started. */
  get node(): ServiceNode | undefined {
    return this.#node;
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

  /** Announces changes, together with others that come at the same time. */
  async update(changes: ServiceChanges): Promise<void> {
    await this.#changes.add(checkServiceChanges(changes, this.#protocol));
  }

  async #start(): Promise<void> {
    this.#node = changed(await this.#describe(), this.#early);
    this.#registration.announce(this.#node);
  }

  async #change(changes: ServiceChanges): Promise<void> {
    if (!this.#node) {
      this.#early = { ...this.#early, ...changes };
      return;
    }
    this.#node = changed(this.#node, changes);
    await this.#registration.update(this.#node);
  }
}

function changed(node: ServiceNode, changes: ServiceChanges): ServiceNode {
  const after = changeServiceNode(node, changes);
  checkRoutesLead(after);
  return after;
}
