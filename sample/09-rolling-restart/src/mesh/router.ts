import type { AgentInstance, EmbeddedAgent } from 'nestjs-sidecar-agent/testing';
import { QuoteClient } from './quote.client.js';

/** An instance as the router knows it. */
export interface Target {
  readonly id: string;
  readonly client: QuoteClient;
}

/**
 * Chooses an instance for each call, in turn. It learns each state of an instance some time after
 * the agent. An agent that restarts tells no state: its lease keeps the instances listed.
 *
 * The router tries no call twice, so that each mistake of the instance fails a call.
 */
export class Router {
  readonly #targets = new Map<string, Target>();
  readonly #waiting = new Map<string, () => void>();
  #turn = 0;

  constructor(service: string, agent: EmbeddedAgent, lag: number) {
    agent.on('instance', (instance) => {
      if (instance.name === service) setTimeout(() => this.#learn(instance), lag).unref();
    });
  }

  choose(): Target | undefined {
    const targets = [...this.#targets.values()];
    this.#turn += 1;
    return targets[this.#turn % targets.length];
  }

  /** Takes an instance out after a failed call: nothing else tells of a process that was killed. */
  eject(id: string): void {
    const target = this.#targets.get(id);
    this.#targets.delete(id);
    target?.client.close();
  }

  /** Waits until the router sends calls to an instance. */
  knows(id: string): Promise<void> {
    if (this.#targets.has(id)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  close(): void {
    for (const id of [...this.#targets.keys()]) this.eject(id);
  }

  #learn({ instanceId: id, state, port }: AgentInstance): void {
    if (state === 'Draining' || state === 'Deregistered') return this.eject(id);
    // A known instance registers again after a restart of the agent.
    if (state !== 'Serving' || this.#targets.has(id)) return;
    this.#targets.set(id, { id, client: new QuoteClient(port) });
    this.#waiting.get(id)?.();
  }
}
