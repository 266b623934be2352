import type { AgentInstance, AgentInstanceState } from '../agent-instance.js';
import type { DrainCommand, RegisterCommand } from '../wire/agent-command.js';
import { RefusedRequestError } from '../wire/refused-request.error.js';
import { DeregisteredInstances } from './deregistered-instances.js';
import { type LostCheck, refuseLostCheck, refuseLostService } from './lost-check.js';
import { noteLost } from './lost-instances.js';
import type { RouteDocuments } from './route-documents.js';

/** What {@link InstanceRegistry} works with. */
export interface InstanceRegistryContext {
  readonly now: () => Date;
  /** Makes the id of an instance whose register has none. */
  readonly newId: () => string;
  /** Called after every change of state. */
  readonly onChange: (instance: AgentInstance, identity: string) => void;
  /** Where the routes of `flat` registers are published; `undefined` for nowhere. */
  readonly routes?: RouteDocuments;
  /** The most instances beside the deregistered ones. */
  readonly maxInstances: number;
}

interface Holding {
  readonly command: RegisterCommand;
  readonly instance: AgentInstance;
  /** Set if the registry behind a `flat` agent has lost the instance that the agent holds. */
  readonly lost?: LostCheck;
}

/** The most characters in the bodies of all registers that the agent holds. */
const CHARACTERS_LIMIT = 64 * 1024 * 1024;

/**
 * The instances of an agent. It does no I/O: the caller passes in the time and the ids, and calls
 * `serve` when a port answers.
 */
export class InstanceRegistry {
  readonly #context: InstanceRegistryContext;
  readonly #held = new Map<string, Holding>();
  #characters = 0;
  readonly #deregistered = new DeregisteredInstances();

  constructor(context: InstanceRegistryContext) {
    this.#context = context;
  }

  /** Returns the instances in the order they registered, then deregistered ones, latest first. */
  snapshot(): readonly AgentInstance[] {
    return [...[...this.#held.values()].map(({ instance }) => instance), ...this.#deregistered.snapshot()];
  }

  /**
   * Creates an instance, or refreshes it if the register is a replay, or replaces it. A draining
   * instance stays draining at a replay, in the `node` dialect at every register.
   *
   * @throws {@link RefusedRequestError} `lost_check` if the instance was lost; `route_conflict` if
   * the service published other routes: an instance that was to be replaced is deregistered then,
   * as on real agents; `registry_full`
   */
  register(command: RegisterCommand): AgentInstance {
    const { identity } = command;
    const now = this.#context.now();
    const holding = this.#held.get(identity);
    if (holding !== undefined) {
      const isReplay = isReplayOf(holding.command, command);
      if (isReplay || (holding.instance.state === 'Draining' && !isFlat(command))) {
        if (holding.lost !== undefined) refuseLostCheck(holding.lost, holding.instance);
        const replays = holding.instance.replays + (isReplay ? 1 : 0);
        return this.#hold(identity, {
          ...holding,
          instance: { ...holding.instance, replays, updatedAt: now },
        });
      }
      this.#remove(identity, holding, now);
    }
    this.#checkRoom(command);
    if (command.routes !== undefined) this.#context.routes?.publish(command.routes);
    this.#characters += command.rawBody.length;
    return this.#tell(identity, this.#hold(identity, { command, instance: this.#create(command, now) }));
  }

  /** Moves an instance from `Registered` to `Serving`; does nothing in any other state. */
  serve(identity: string): void {
    const holding = this.#held.get(identity);
    if (holding?.instance.state !== 'Registered') return;
    const instance = entered(holding.instance, 'Serving', this.#context.now());
    this.#tell(identity, this.#hold(identity, { ...holding, instance }));
  }

  /**
   * Drains an instance; one that already drains gets the new deadline. Returns `undefined` if it is
   * unknown.
   *
   * @throws {@link RefusedRequestError} `lost_check` if the instance was lost
   */
  drain({ identity, gracePeriod }: DrainCommand): AgentInstance | undefined {
    const holding = this.#held.get(identity);
    if (holding === undefined) return undefined;
    if (holding.lost !== undefined) refuseLostService(holding.lost, holding.instance);
    const now = this.#context.now();
    const drainDeadline = new Date(now.getTime() + gracePeriod);
    const wasDraining = holding.instance.state === 'Draining';
    const instance = wasDraining
      ? { ...holding.instance, updatedAt: now }
      : entered(holding.instance, 'Draining', now);
    const held = this.#hold(identity, { ...holding, instance: { ...instance, drainDeadline } });
    return wasDraining ? held : this.#tell(identity, held);
  }

  /**
   * Deregisters an instance. Returns `undefined` if it is unknown. An agent of the `flat` dialect
   * keeps the record of a deregistered instance, and returns it.
   *
   * @throws {@link RefusedRequestError} `lost_check` if the instance was lost for good
   */
  deregister(identity: string): AgentInstance | undefined {
    const holding = this.#held.get(identity);
    if (holding !== undefined) return this.#remove(identity, holding, this.#context.now());
    const gone = this.#deregistered.find(identity);
    return gone?.dialect === 'flat' ? gone : undefined;
  }

  /**
   * Loses all instances of a service without a call. A `flat` agent does not notice and still holds
   * them; a `node` agent deregisters them.
   *
   * @returns the number of instances
   */
  lose(name: string, lost: LostCheck): number {
    const found = [...this.#held].filter(([, { instance }]) => instance.name === name);
    for (const [identity, holding] of found) {
      if (isFlat(holding.command)) this.#held.set(identity, { ...holding, lost });
      else this.#remove(identity, holding, this.#context.now(), true);
    }
    this.#context.routes?.forget(name);
    return found.length;
  }

  #checkRoom({ rawBody }: RegisterCommand): void {
    const { maxInstances } = this.#context;
    if (this.#held.size < maxInstances && this.#characters + rawBody.length <= CHARACTERS_LIMIT) return;
    const limit = `at most ${maxInstances} instances (option maxInstances) and ${CHARACTERS_LIMIT} bytes`;
    throw new RefusedRequestError('registry_full', [`the agent holds ${limit}: deregister some`]);
  }

  #create({ description, instanceId }: RegisterCommand, now: Date): AgentInstance {
    // Agents of the flat dialect never say that an instance is only registered.
    const state = description.dialect === 'flat' ? 'Serving' : 'Registered';
    return {
      ...description,
      instanceId: instanceId ?? this.#context.newId(),
      state,
      history: Object.freeze([Object.freeze({ state, at: now })]),
      replays: 0,
      registeredAt: now,
      updatedAt: now,
    };
  }

  #remove(identity: string, { command, instance, lost }: Holding, at: Date, isLoss = false): AgentInstance {
    if (lost === 'final') refuseLostService(lost, instance);
    const removed = Object.freeze({ ...entered(instance, 'Deregistered', at), drainDeadline: undefined });
    if (isLoss) noteLost(removed);
    this.#held.delete(identity);
    this.#characters -= command.rawBody.length;
    this.#deregistered.add({ identity, instance: removed, characters: command.rawBody.length });
    return this.#tell(identity, removed);
  }

  #tell(identity: string, instance: AgentInstance): AgentInstance {
    this.#context.onChange(instance, identity);
    return instance;
  }

  #hold(identity: string, holding: Holding): AgentInstance {
    const instance = Object.freeze(holding.instance);
    this.#held.set(identity, { ...holding, instance });
    return instance;
  }
}

function isFlat({ description }: RegisterCommand): boolean {
  return description.dialect === 'flat';
}

function isReplayOf(first: RegisterCommand, later: RegisterCommand): boolean {
  return (first.fields ?? first.rawBody) === (later.fields ?? later.rawBody);
}

function entered(instance: AgentInstance, state: AgentInstanceState, at: Date): AgentInstance {
  const history = Object.freeze([...instance.history, Object.freeze({ state, at })]);
  return { ...instance, state, history, updatedAt: at };
}
