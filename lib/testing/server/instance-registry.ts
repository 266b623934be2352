import type { AgentInstance, AgentInstanceState } from '../agent-instance.js';
import type { DrainCommand, RegisterCommand } from '../wire/agent-command.js';

/** What {@link InstanceRegistry} works with. */
export interface InstanceRegistryContext {
  readonly now: () => Date;
  /** Makes the id of an instance whose register has none. */
  readonly newId: () => string;
  /** Called after every change of state. */
  readonly onChange: (instance: AgentInstance, identity: string) => void;
}

interface Holding {
  readonly rawBody: string;
  readonly instance: AgentInstance;
}

/** The number of deregistered instances that the registry keeps for tests. */
const DEREGISTERED_LIMIT = 1_000;

/**
 * The instances of an agent. It does no I/O: the caller passes in the time and the ids, and calls
 * `serve` when a port answers.
 */
export class InstanceRegistry {
  readonly #context: InstanceRegistryContext;
  readonly #held = new Map<string, Holding>();
  readonly #deregistered: AgentInstance[] = [];

  constructor(context: InstanceRegistryContext) {
    this.#context = context;
  }

  /** Returns the instances in the order they registered, then deregistered ones, latest first. */
  snapshot(): readonly AgentInstance[] {
    return [...[...this.#held.values()].map(({ instance }) => instance), ...this.#deregistered];
  }

  /**
   * Creates an instance, or refreshes it if the body is equal to that of the first register, or
   * replaces it if the body differs. A draining instance stays draining until it is deregistered.
   */
  register(command: RegisterCommand): AgentInstance {
    const { identity, rawBody } = command;
    const now = this.#context.now();
    const holding = this.#held.get(identity);
    if (holding !== undefined) {
      const isReplay = holding.rawBody === rawBody;
      if (isReplay || holding.instance.state === 'Draining') {
        const replays = holding.instance.replays + (isReplay ? 1 : 0);
        return this.#hold(identity, {
          rawBody: holding.rawBody,
          instance: { ...holding.instance, replays, updatedAt: now },
        });
      }
      this.#remove(identity, holding.instance, now);
    }
    const instance: AgentInstance = {
      ...command.description,
      instanceId: command.instanceId ?? this.#context.newId(),
      state: 'Registered',
      history: Object.freeze([Object.freeze({ state: 'Registered', at: now } as const)]),
      replays: 0,
      registeredAt: now,
      updatedAt: now,
    };
    return this.#tell(identity, this.#hold(identity, { rawBody, instance }));
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
   */
  drain({ identity, gracePeriod }: DrainCommand): AgentInstance | undefined {
    const holding = this.#held.get(identity);
    if (holding === undefined) return undefined;
    const now = this.#context.now();
    const drainDeadline = new Date(now.getTime() + gracePeriod);
    const wasDraining = holding.instance.state === 'Draining';
    const instance = wasDraining
      ? { ...holding.instance, updatedAt: now }
      : entered(holding.instance, 'Draining', now);
    const held = this.#hold(identity, { ...holding, instance: { ...instance, drainDeadline } });
    return wasDraining ? held : this.#tell(identity, held);
  }

  /** Deregisters an instance. Returns `undefined` if it is unknown. */
  deregister(identity: string): AgentInstance | undefined {
    const holding = this.#held.get(identity);
    return holding && this.#remove(identity, holding.instance, this.#context.now());
  }

  #remove(identity: string, instance: AgentInstance, at: Date): AgentInstance {
    const removed = Object.freeze({ ...entered(instance, 'Deregistered', at), drainDeadline: undefined });
    this.#held.delete(identity);
    this.#deregistered.unshift(removed);
    this.#deregistered.length = Math.min(this.#deregistered.length, DEREGISTERED_LIMIT);
    return this.#tell(identity, removed);
  }

  #tell(identity: string, instance: AgentInstance): AgentInstance {
    this.#context.onChange(instance, identity);
    return instance;
  }

  #hold(identity: string, { rawBody, instance }: Holding): AgentInstance {
    const frozen = Object.freeze(instance);
    this.#held.set(identity, { rawBody, instance: frozen });
    return frozen;
  }
}

function entered(instance: AgentInstance, state: AgentInstanceState, at: Date): AgentInstance {
  const history = Object.freeze([...instance.history, Object.freeze({ state, at })]);
  return { ...instance, state, history, updatedAt: at };
}
