import type { AgentInstance } from '../agent-instance.js';

/** The number of deregistered instances that are kept. */
const INSTANCES_LIMIT = 1_000;
/** Characters in the bodies of these instances together. */
const CHARACTERS_LIMIT = 64 * 1024 * 1024;

interface Entry {
  readonly identity: string;
  readonly instance: AgentInstance;
  /** The length of the body of its register. */
  readonly characters: number;
}

/** The latest instances that an agent has deregistered, limited in number and size. */
export class DeregisteredInstances {
  /** Oldest first. */
  readonly #entries: Entry[] = [];
  #characters = 0;

  /** Returns the instances, latest first. */
  snapshot(): readonly AgentInstance[] {
    return this.#entries.map(({ instance }) => instance).reverse();
  }

  /** Returns the latest instance of an identity. */
  find(identity: string): AgentInstance | undefined {
    return this.#entries.findLast((entry) => entry.identity === identity)?.instance;
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
    this.#characters += entry.characters;
    while (this.#entries.length > INSTANCES_LIMIT || this.#characters > CHARACTERS_LIMIT) {
      this.#characters -= this.#entries.shift()?.characters ?? 0;
    }
  }
}
