import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { ServiceNode } from '../service/service-node.js';
import { changeServiceNode, type ServiceChanges } from '../service/build-service-node.js';
import { checkRoutesLead, checkServiceChanges } from '../service/check-service-changes.js';
import type { RegistrationController } from './registration-controller.js';
import { DebouncedRun } from '../support/timing/debounced-run.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';

/** Builds the node of what is served at this moment. */
export type DescribeService = () => Promise<ServiceNode>;

/** How long changes are gathered before they go out as one, in milliseconds. */
const GATHERING = 100;

/** What is announced of the service, from its start on and with every change. */
export class ServiceUpdates {
  readonly #registration: RegistrationController;
  readonly #describe: DescribeService;
  readonly #protocol: ServiceNode['protocol'];
  readonly #gathered: DebouncedRun;
  /** What was asked for and is not announced yet: gathered, or asked for before there was a node to change. */
  #asked: ServiceChanges = {};
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
    this.#gathered = new DebouncedRun(clock, GATHERING, () => this.#announce());
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
    const asked = { ...this.#asked, ...checked };
    const { node } = this.#registration;
    checkTogether(node, asked);
    this.#asked = asked;
    if (node) await this.#gathered.ask();
  }

  async #start(): Promise<void> {
    const described = await this.#describe();
    this.#registration.announce(this.#changedEarly(described));
  }

  /** Whoever asked has been told that it is kept: so a change that does not fit what is served is an error, and no end of the start. */
  #changedEarly(described: ServiceNode): ServiceNode {
    try {
      return changed(described, this.#takeAsked());
    } catch (thrown) {
      this.#registration.recordError(SidecarAgentError.from(thrown));
      return described;
    }
  }

  async #announce(): Promise<void> {
    const { node } = this.#registration;
    if (node) await this.#registration.update(changed(node, this.#takeAsked()));
  }

  #takeAsked(): ServiceChanges {
    const asked = this.#asked;
    this.#asked = {};
    return asked;
  }
}

/** Without a node it can only be said whether the changes fit each other. */
function checkTogether(node: ServiceNode | undefined, changes: ServiceChanges): void {
  if (node) return void changed(node, changes);
  const { methods, httpRoutes } = changes;
  if (methods && httpRoutes) checkRoutesLead({ methods, httpRoutes });
}

function changed(node: ServiceNode, changes: ServiceChanges): ServiceNode {
  if (Object.keys(changes).length === 0) return node;
  const after = changeServiceNode(node, changes);
  checkRoutesLead(after);
  return after;
}
