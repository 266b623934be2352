import type { AgentRun } from './running-agent.js';

/** What a lifecycle needs of the agent it belongs to. */
export interface AgentLifecycleContext {
  /** The port to begin with, 0 for any free one. */
  readonly port: number;
  readonly newRun: () => AgentRun;
  /** Called after every start and stop. */
  readonly onChange: () => void;
}

/** Starts and kills the runs of an agent, one after the other however the calls overlap, and all on one port. */
export class AgentLifecycle {
  readonly #context: AgentLifecycleContext;
  #run: AgentRun | undefined;
  #port: number;
  #turn: Promise<void> = Promise.resolve();

  constructor(context: AgentLifecycleContext) {
    this.#context = context;
    this.#port = context.port;
  }

  /** The present run, `undefined` while the agent is stopped. */
  get run(): AgentRun | undefined {
    return this.#run;
  }

  /** 0 as long as none is taken. */
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
      // The run of a start that was under way when the stop was asked for.
      await this.#kill();
    });
  }

  restart(): Promise<void> {
    const stopped = this.stop();
    const started = this.start();
    return stopped.then(() => started);
  }

  async #open(): Promise<void> {
    if (this.#run !== undefined) return;
    const run = this.#context.newRun();
    this.#port = await run.listen(this.#port);
    this.#run = run;
    this.#context.onChange();
  }

  async #kill(): Promise<void> {
    const run = this.#run;
    if (run === undefined) return;
    this.#run = undefined;
    const killed = run.kill();
    this.#context.onChange();
    await killed;
  }

  #inTurn(step: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(step);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
