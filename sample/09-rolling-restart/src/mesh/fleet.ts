import type { EmbeddedAgent } from 'nestjs-sidecar-agent/testing';
import { Instance } from './instance.js';
import type { Router } from './router.js';

/** The time limit for a start or a shutdown, in milliseconds: on a busy machine both are slow. */
const LIMIT = 60_000;

/** The restart of one instance, in seconds after its SIGTERM. */
export interface Restart {
  readonly instance: string;
  readonly drained: number;
  /** The last call that a router sent to it. */
  readonly lastCall: number;
  readonly deregistered: number;
  readonly exited: number;
  /** The agent lists the new process as `Serving`. */
  readonly serving: number;
}

/** The instances of one service, each in a slot of its own. */
export class Fleet {
  readonly service: string;
  readonly #agent: EmbeddedAgent;
  readonly #router: Router;
  readonly #slots: Instance[] = [];
  readonly #all = new Map<string, Instance>();

  constructor(service: string, agent: EmbeddedAgent, router: Router) {
    this.service = service;
    this.#agent = agent;
    this.#router = router;
    agent.on('instance', ({ instanceId, state }) => this.#all.get(instanceId)?.enter(state));
  }

  /** Starts a number of instances; resolves when the router knows them. */
  async start(size: number): Promise<void> {
    const slots = Array.from({ length: size }, (_, slot) => slot);
    await Promise.all(slots.map((slot) => this.#startIn(slot)));
  }

  find(id: string): Instance | undefined {
    return this.#all.get(id);
  }

  /** Ends an instance by SIGTERM and starts another one; resolves when the router knows that. */
  async restart(slot: number): Promise<Restart> {
    const old = this.#in(slot);
    const began = performance.now();
    old.terminate();
    const end = await within(LIMIT, old.ended, `${old.id} to exit`);
    if (end !== 0) throw new Error(`${old.id} ended with ${end}:\n${old.output}`);
    const fresh = await this.#startIn(slot);
    const seconds = (at = NaN) => (at - began) / 1_000;
    return {
      instance: old.id,
      drained: seconds(old.at.get('Draining')),
      lastCall: seconds(old.lastCallAt),
      deregistered: seconds(old.at.get('Deregistered')),
      exited: seconds(old.at.get('exited')),
      serving: seconds(fresh.at.get('Serving')),
    };
  }

  /** Kills an instance and starts another one; resolves when the router knows that. */
  async replaceKilled(slot: number): Promise<void> {
    const old = this.#in(slot);
    old.kill();
    await old.ended;
    await this.#startIn(slot);
  }

  /** Waits until the agent lists every instance as `Serving`. */
  async serving(): Promise<void> {
    await Promise.all(this.#slots.map((instance) => this.#servingOn(instance)));
  }

  /** Kills whatever runs. */
  async stop(): Promise<void> {
    for (const instance of this.#slots) instance.kill();
    await Promise.all(this.#slots.map(({ ended }) => ended));
  }

  async #startIn(slot: number): Promise<Instance> {
    const name = `${this.service}-${slot + 1}`;
    const generation = [...this.#all.keys()].filter((id) => id.startsWith(name)).length + 1;
    const instance = new Instance(`${name}.${generation}`, {
      SERVICE_NAME: this.service,
      SIDECAR_AGENT_BASE_URL: this.#agent.url,
    });
    this.#slots[slot] = instance;
    this.#all.set(instance.id, instance);
    const died = instance.ended.then((end) => {
      throw new Error(`${instance.id} ended with ${end}:\n${instance.output}`);
    });
    await Promise.race([this.#servingOn(instance).then(() => this.#router.knows(instance.id)), died]);
    return instance;
  }

  async #servingOn({ id }: Instance): Promise<void> {
    await this.#agent.waitFor(
      () => this.#agent.services().some(({ instanceId, state }) => instanceId === id && state === 'Serving'),
      { timeout: LIMIT, description: `${id} to be Serving` },
    );
  }

  #in(slot: number): Instance {
    const instance = this.#slots[slot];
    if (!instance) throw new Error(`${this.service} has no slot ${slot}`);
    return instance;
  }
}

async function within<T>(milliseconds: number, work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`timed out waiting for ${what}`)), milliseconds);
  });
  return Promise.race([work, over]).finally(() => clearTimeout(timer));
}
