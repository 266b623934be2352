import type { AgentInstance } from '../agent-instance.js';
import { PortProbe } from './port-probe.js';

/** The most attempts per second, of all instances together, beside the first one of each. */
const ATTEMPTS_PER_SECOND = 200;
/** The longest time between two looks at the instances that are due, in milliseconds. */
const LONGEST_TICK = 1_000;

interface Followed {
  readonly probe: PortProbe;
  /** When the next attempt may start. */
  readonly dueAt: number;
}

/**
 * One probe for each instance in the state `Registered`. The attempts of all take turns: a thousand
 * ports that stay closed would otherwise take a whole core.
 */
export class ServingProbes {
  readonly #interval: number;
  readonly #tick: number;
  readonly #onServing: (identity: string) => void;
  /** Ordered by `dueAt`: an attempt moves its probe to the end. */
  readonly #followed = new Map<string, Followed>();
  #timer: NodeJS.Timeout | undefined;

  /** @param interval milliseconds between two attempts of an instance, if there are few */
  constructor(interval: number, onServing: (identity: string) => void) {
    this.#interval = interval;
    this.#tick = Math.min(interval, LONGEST_TICK);
    this.#onServing = onServing;
  }

  /** Starts to probe an instance that became `Registered`; stops when it enters another state. */
  follow(instance: AgentInstance, identity: string): void {
    this.#followed.get(identity)?.probe.stop();
    this.#followed.delete(identity);
    if (instance.state === 'Registered') {
      const probe = new PortProbe(instance.port, () => this.#onServing(identity));
      this.#attempt(identity, probe);
      this.#timer ??= setInterval(() => this.#attemptDue(), this.#tick).unref();
    } else if (this.#followed.size === 0) {
      this.#stopTimer();
    }
  }

  stop(): void {
    for (const { probe } of this.#followed.values()) probe.stop();
    this.#followed.clear();
    this.#stopTimer();
  }

  #attemptDue(): void {
    const now = performance.now();
    let left = Math.ceil((ATTEMPTS_PER_SECOND * this.#tick) / 1_000);
    for (const [identity, { probe, dueAt }] of this.#followed) {
      if (left === 0 || dueAt > now) return;
      left -= 1;
      this.#followed.delete(identity);
      this.#attempt(identity, probe);
    }
  }

  #attempt(identity: string, probe: PortProbe): void {
    // Timers are a little early or late: without half a tick an attempt would wait for another one.
    this.#followed.set(identity, { probe, dueAt: performance.now() + this.#interval - this.#tick / 2 });
    probe.attempt();
  }

  #stopTimer(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
