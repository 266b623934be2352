import type { EmbeddedAgent } from '../../testing/embedded-agent.js';
import type { StruckFault } from '../../testing/server/agent-extension.js';
import type { ChaosPath } from '../view/chaos-command.js';

/** The faults of the page that wait for a call. */
export class ArmedFaults {
  readonly #agent: EmbeddedAgent;
  #armed: readonly StruckFault[] = [];

  constructor(agent: EmbeddedAgent) {
    this.#agent = agent;
  }

  /** Returns what will happen to the next calls, in the order in which it was asked for. */
  get texts(): readonly string[] {
    return this.#armed.map((fault) => `${fault.path}: ${faultText(fault)}`);
  }

  failNext(path: ChaosPath, status: number): void {
    this.#agent.failNext(path, { status });
    this.#armed = [...this.#armed, { path, status }];
  }

  delayNext(path: ChaosPath, delay: number): void {
    this.#agent.delayNext(path, delay);
    this.#armed = [...this.#armed, { path, delay }];
  }

  /** Notes that a call had a fault. Returns whether it was one of the page. */
  struck({ path, status, delay }: StruckFault): boolean {
    const found = this.#armed.find(
      (fault) => fault.path === path && fault.status === status && fault.delay === delay,
    );
    this.#armed = this.#armed.filter((fault) => fault !== found);
    return found !== undefined;
  }
}

/** Says what happens to a call: `answered 503`, `answered after 2 s`. */
export function faultText({ status, delay = 0 }: StruckFault): string {
  return status === undefined ? `answered after ${delay / 1_000} s` : `answered ${status}`;
}
