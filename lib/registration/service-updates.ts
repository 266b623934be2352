import type { AgentKind } from '../agent/connection/agent-kind.js';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { changeServiceNode, type ServiceChanges } from '../service/build-service-node.js';
import { checkRoutesLead, checkServiceChanges } from '../service/check-service-changes.js';
import type { ServiceNode } from '../service/service-node.js';
import { DebouncedRun } from '../support/timing/debounced-run.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import type { RegistrationController } from './registration-controller.js';

/** Builds the node of what the server serves now. */
export type BuildNode = () => Promise<ServiceNode>;

/** What is used of the controller. */
export type NodeRegistration = Pick<
  RegistrationController,
  'node' | 'refuseLeaving' | 'announce' | 'update' | 'recordError'
>;

/** What decides which changes are possible. */
export interface ServiceRules {
  readonly protocol: ServiceNode['protocol'];
  /** What the service registers with. */
  readonly kind: AgentKind;
}

/** Changes that come within this time share one register, in milliseconds. */
const DEBOUNCE = 100;

/** Registers the service at its start, and again with each change that your code makes. */
export class ServiceUpdates {
  readonly #registration: NodeRegistration;
  readonly #buildNode: BuildNode;
  readonly #rules: ServiceRules;
  readonly #debounced: DebouncedRun;
  /** Checked changes that are not part of the node yet. */
  #pending: ServiceChanges = {};
  #started?: Promise<void>;

  constructor(
    registration: NodeRegistration,
    buildNode: BuildNode,
    rules: ServiceRules,
    clock: SidecarClock,
  ) {
    this.#registration = registration;
    this.#buildNode = buildNode;
    this.#rules = rules;
    this.#debounced = new DebouncedRun(clock, DEBOUNCE, () => this.#registerPending());
  }

  /**
   * Builds the node and registers it. Later calls share the result; after a failure, they retry.
   */
  start(): Promise<void> {
    this.#started ??= this.#start().catch((thrown: unknown) => {
      this.#started = undefined;
      throw thrown;
    });
    return this.#started;
  }

  /**
   * Registers changes. They are checked here, against the node and the pending changes, so that a
   * fault rejects this call alone and not the others that share its register.
   */
  async update(changes: ServiceChanges): Promise<void> {
    const checked = checkServiceChanges(changes, this.#rules.protocol, this.#rules.kind);
    if (Object.keys(checked).length === 0) return;
    const pending = { ...this.#pending, ...checked };
    // Without a node there is no register that could be refused later.
    this.#registration.refuseLeaving();
    const { node } = this.#registration;
    if (node) withChanges(node, pending);
    else checkEachOther(pending);
    this.#pending = pending;
    if (node) await this.#debounced.ask();
  }

  async #start(): Promise<void> {
    const built = await this.#buildNode();
    this.#registration.announce(this.#withEarlyChanges(built));
  }

  /**
   * Applies the changes made before the start. If they do not fit what the server serves, the
   * service is registered without them: their `update()` has resolved long ago, so only the status,
   * the log and `onError` can tell.
   */
  #withEarlyChanges(built: ServiceNode): ServiceNode {
    try {
      return withChanges(built, this.#takePending());
    } catch (thrown) {
      this.#registration.recordError(SidecarAgentError.from(thrown));
      return built;
    }
  }

  async #registerPending(): Promise<void> {
    const { node } = this.#registration;
    if (node) await this.#registration.update(withChanges(node, this.#takePending()));
  }

  #takePending(): ServiceChanges {
    const pending = this.#pending;
    this.#pending = {};
    return pending;
  }
}

/** Throws if changes contradict each other. Without a node nothing else can be checked. */
function checkEachOther({ methods, httpRoutes }: ServiceChanges): void {
  if (methods && httpRoutes) checkRoutesLead({ methods, httpRoutes });
}

/** Returns the node with the changes, or throws if its routes would lead nowhere. */
function withChanges(node: ServiceNode, changes: ServiceChanges): ServiceNode {
  if (Object.keys(changes).length === 0) return node;
  const changed = changeServiceNode(node, changes);
  checkRoutesLead(changed);
  return changed;
}
