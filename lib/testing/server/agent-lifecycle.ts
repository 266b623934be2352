import type { RunningAgent } from './running-agent.js';

/** What the lifecycle needs from the agent it belongs to. */
export interface AgentLifecycleContext {
  /** The port of the first start, 0 for a free one. */
  readonly port: number;
  readonly create: () => RunningAgent;
  /** Called after every start and stop. */
  readonly onChange: () => void;
}

/**
 * Starts and kills the agent, on the same port each time. Calls that overlap take effect one after
 * the other.
 */
export class AgentLifecycle {
  readonly #context: AgentLifecycleContext;
  #running: RunningAgent | undefined;
  #port: number;
  #turn: Promise<void> = Promise.resolve();

  constructor(context: AgentLifecycleContext) {
    this.#context = context;
    this.#port = context.port;
  }

  /** `undefined` while the agent is stopped. */
  get running(): RunningAgent | undefined {
    return this.#running;
  }

  /** 0 until the first start has taken a free port. */
  get port(): number {
    return this.#port;
  }

  start(): Promise<void> {
    return this.#inTurn(() => this.#open());
  }

  stop(): Promise<void> {
    const killed = this.#kill();
    return this.#inTurn(async () => {
      await killed;
      // A start that was under way when stop() was called has created another one.
      await this.#kill();
    });
  }

  restart(): Promise<void> {
    const stopped = this.stop();
    const started = this.start();
    return stopped.then(() => started);
  }

  async #open(): Promise<void> {
    if (this.#running !== undefined) return;
    const agent = this.#context.create();
    this.#port = await agent.listen(this.#port);
    this.#running = agent;
    this.#context.onChange();
  }

  async #kill(): Promise<void> {
    const agent = this.#running;
    if (agent === undefined) return;
    this.#running = undefined;
    const killed = agent.kill();
    this.#context.onChange();
    await killed;
  }

  #inTurn(step: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(step);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
