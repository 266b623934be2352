import type { AgentRequest } from '../../testing/agent-request.js';
import type { EmbeddedAgent } from '../../testing/embedded-agent.js';
import type { ChaosPath } from '../view/chaos-command.js';

/** A fault that waits for the next call of its path. */
interface ArmedFault {
  readonly path: ChaosPath;
  /** What will happen to the call. */
  readonly text: string;
  /** Called when the call has arrived, before the agent acts on it. */
  readonly strike?: () => void;
}

/** The faults of the page that wait for a call. */
export class ArmedFaults {
  readonly #agent: EmbeddedAgent;
  readonly #onChange: (struck?: string) => void;
  #armed: readonly ArmedFault[] = [];

  /** @param onChange gets what happened to a call, if it is that */
  constructor(agent: EmbeddedAgent, onChange: (struck?: string) => void) {
    this.#agent = agent;
    this.#onChange = onChange;
    agent.on('request', (request) => this.#strike(request));
  }

  /** Returns what will happen to the next calls, in the order in which it was asked for. */
  get texts(): readonly string[] {
    return this.#armed.map(({ path, text }) => `${path}: ${text}`);
  }

  failNext(path: ChaosPath, status: number): void {
    this.#agent.failNext(path, { status });
    this.#arm({ path, text: `answered ${status}` });
  }

  /** Delays the answer to the next request alone: the agent itself delays all of them. */
  delayNext(path: ChaosPath, milliseconds: number): void {
    this.#agent.slow(path, milliseconds);
    // The agent looks at the delay when this request has been announced.
    const strike = () => queueMicrotask(() => this.#agent.slow(path, 0));
    const text = `answered after ${milliseconds / 1_000} s`;
    // A later delay of a path replaces the one before.
    this.#armed = this.#armed.filter((fault) => fault.path !== path || fault.strike === undefined);
    this.#arm({ path, text, strike });
  }

  #arm(fault: ArmedFault): void {
    this.#armed = [...this.#armed, fault];
    this.#onChange();
  }

  /** A call takes the first failure of its path and the delay, as the agent does. */
  #strike({ path }: AgentRequest): void {
    const failure = this.#armed.find((fault) => fault.path === path && fault.strike === undefined);
    const delay = this.#armed.find((fault) => fault.path === path && fault.strike !== undefined);
    const struck = [failure, delay].filter((fault) => fault !== undefined);
    if (struck.length === 0) return;
    this.#armed = this.#armed.filter((fault) => !struck.includes(fault));
    for (const { strike } of struck) strike?.();
    this.#onChange(`the call ${path} is ${struck.map(({ text }) => text).join(', ')}`);
  }
}
