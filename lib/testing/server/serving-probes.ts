import type { AgentInstance } from '../agent-instance.js';
import { PortProbe } from './port-probe.js';

/** One probe for each instance in the state `Registered`. */
export class ServingProbes {
  readonly #interval: number;
  readonly #onServing: (identity: string) => void;
  readonly #probes = new Map<string, PortProbe>();

  /** @param interval milliseconds between two attempts */
  constructor(interval: number, onServing: (identity: string) => void) {
    this.#interval = interval;
    this.#onServing = onServing;
  }

  /** Starts to probe an instance that became `Registered`; stops when it enters another state. */
  follow(instance: AgentInstance, identity: string): void {
    this.#probes.get(identity)?.stop();
    this.#probes.delete(identity);
    if (instance.state !== 'Registered') return;
    const probe = new PortProbe(instance.port, this.#interval, () => this.#onServing(identity));
    this.#probes.set(identity, probe);
    probe.start();
  }

  stop(): void {
    for (const probe of this.#probes.values()) probe.stop();
    this.#probes.clear();
  }
}
