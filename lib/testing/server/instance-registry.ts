import type { DrainCommand, RegisterCommand } from '../wire/agent-command.js';
import type { AgentInstance, AgentInstanceState } from '../agent-instance.js';

/** What a registry takes from the world, and whom it tells. */
export interface InstanceRegistryContext {
  readonly now: () => Date;
  /** Makes the ids of instances that bring none. */
  readonly newId: () => string;
  /** Called after every change of state. */
  readonly onChange: (instance: AgentInstance, identity: string) => void;
}

interface Holding {
  readonly rawBody: string;
  readonly instance: AgentInstance;
}

/** How many departed instances are kept to be looked at. */
const DEPARTED_LIMIT = 1_000;

/** What an agent holds, and how it changes. No I/O: time, ids and the news of a port that answers come from outside. */
export class InstanceRegistry {
  readonly #context: InstanceRegistryContext;
  readonly #held = new Map<string, Holding>();
  readonly #departed: AgentInstance[] = [];

  constructor(context: InstanceRegistryContext) {
    this.#context = context;
  }

  /** Those it holds in the order they came, then the departed ones, the last one first. */
  snapshot(): readonly AgentInstance[] {
    return [...[...this.#held.values()].map(({ instance }) => instance), ...this.#departed];
  }

  /**
   * A first register makes an instance, one equal to it refreshes that, another one takes its place. A draining
   * instance stays as it is: only a deregister frees its identity.
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
      this.#depart(identity, holding.instance, now);
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
    return this.#announce(identity, this.#hold(identity, { rawBody, instance }));
  }

  /** The instance's port answers: from `Registered` to `Serving`, nothing in any other state. */
  serve(identity: string): void {
    const holding = this.#held.get(identity);
    if (holding?.instance.state !== 'Registered') return;
    const instance = entered(holding.instance, 'Serving', this.#context.now());
    this.#announce(identity, this.#hold(identity, { ...holding, instance }));
  }

  /** Returns `undefined` for an instance it does not hold. One that drains already gets the new deadline. */
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
    return wasDraining ? held : this.#announce(identity, held);
  }

  /** Returns `undefined` for an instance it does not hold. */
  deregister(identity: string): AgentInstance | undefined {
    const holding = this.#held.get(identity);
    return holding && this.#depart(identity, holding.instance, this.#context.now());
  }

  #depart(identity: string, instance: AgentInstance, at: Date): AgentInstance {
    const departed = Object.freeze({ ...entered(instance, 'Deregistered', at), drainDeadline: undefined });
    this.#held.delete(identity);
    this.#departed.unshift(departed);
    this.#departed.length = Math.min(this.#departed.length, DEPARTED_LIMIT);
    return this.#announce(identity, departed);
  }

  #announce(identity: string, instance: AgentInstance): AgentInstance {
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
