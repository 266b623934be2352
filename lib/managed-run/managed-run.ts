import type { Logger } from '@nestjs/common';
import { AgentRunError, type AgentRunFailure, type AgentRunStage } from '../errors/agent-run.error.js';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { holdProcessDuring } from '../support/timing/hold-process.js';
import { settledWithin } from '../support/timing/settled-within.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { releaseClusterChannel } from './cluster-channel.js';
import { ManagedApp } from './managed-app.js';
import { takeOverSignals } from './nest-signals.js';
import { ProcessGuard } from './process-guard.js';
import { type ResolvedRunOptions, resolveRunOptions } from './run-options.js';
import type { RunSidecarAppOptions, SidecarApp, SidecarAppSource } from './run-options.interface.js';
import { StopRequest } from './stop-request.js';

/** The longest time for a close if there is no module with a `shutdownTimeout`, in milliseconds. */
const FALLBACK_CLOSE_TIMEOUT = 30_000;

/**
 * Runs an application once, from its creation to its close. Failures are collected: after one, the
 * remaining steps are still done.
 */
export class ManagedRun<App extends SidecarApp> {
  readonly #clock: SidecarClock;
  readonly #logger: Logger;
  readonly #failures: AgentRunFailure[] = [];

  constructor(clock: SidecarClock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** @throws {AgentRunError} after all steps, if one failed */
  async run(source: SidecarAppSource<App>, options: RunSidecarAppOptions<App>): Promise<void> {
    const guard = new ProcessGuard(this.#clock, this.#logger);
    let failure: AgentRunError | undefined;
    try {
      const app = await this.#try('lifecycle', async () =>
        typeof source === 'function' ? source() : source,
      );
      // Signals are handled only from here on: without an application there is nothing to close.
      if (app) await this.#runApp(app, options, guard);
      const [first, ...later] = this.#failures;
      failure = first && new AgentRunError(first, later);
    } finally {
      guard.release(failure);
      releaseClusterChannel();
    }
    if (failure) throw failure;
  }

  async #runApp(app: App, given: RunSidecarAppOptions<App>, guard: ProcessGuard): Promise<void> {
    const options = await this.#try('lifecycle', () => resolveRunOptions(given));
    const managed = await this.#try('lifecycle', () => new ManagedApp(app));
    if (!managed) return;
    const sources = options ?? resolveRunOptions({});
    const holdExits = () => managed.holdsExit && guard.holdExits();
    const exit = (code: number) => guard.exitNow(code);
    const parts = { onMade: holdExits, exit, clock: this.#clock, logger: this.#logger };
    const stop = new StopRequest({ ...sources, ...parts });
    if (sources.handleCrashes) guard.onCrash((limit) => managed.leave(limit));
    const bound = options?.closeTimeout ?? managed.shutdownTimeout ?? FALLBACK_CLOSE_TIMEOUT;
    try {
      if (options) await this.#serve(app, managed, options, stop, bound);
      holdExits();
      await holdProcessDuring(this.#end(managed, stop, bound));
    } finally {
      stop.release();
      managed.release();
    }
  }

  /**
   * Starts the application and waits for the end: a stop request, a close by other code, or a
   * server that died.
   */
  async #serve(
    app: App,
    managed: ManagedApp<App>,
    { listen }: ResolvedRunOptions<App>,
    stop: StopRequest,
    bound: number,
  ): Promise<void> {
    if (stop.isMade) return;
    stop.own(takeOverSignals(app));
    const started = managed.start(listen);
    await Promise.race([started, stop.made]);
    if (stop.isMade && !(await this.#startedLate(managed, started, bound))) {
      return this.#fail('lifecycle', outOfTime('start-up', bound));
    }
    const failure = await started;
    if (failure) return this.#fail(failure.stage, failure.cause);
    stop.own(takeOverSignals(app));
    await this.#try('serve', () => Promise.race([stop.made, managed.ended, managed.servers.died]));
  }

  /**
   * Waits for a start-up that is under way when the run ends. The leave starts at once: it ends a
   * start-up that waits for the registration.
   */
  #startedLate(managed: ManagedApp<App>, started: Promise<unknown>, bound: number): Promise<boolean> {
    void managed.leave();
    return holdProcessDuring(settledWithin(this.#clock, bound, started));
  }

  async #end(managed: ManagedApp<App>, stop: StopRequest, bound: number): Promise<void> {
    const errors = await this.#try('agent_shutdown', () => managed.leave());
    if (errors && errors.length > 0) this.#fail('agent_shutdown', combine(errors));
    await this.#try('shutdown', async () => {
      const closed = managed.close(stop.signal);
      if (!(await settledWithin(this.#clock, bound, closed))) throw outOfTime('app.close()', bound);
      await closed;
    });
  }

  async #try<Result>(
    stage: AgentRunStage,
    work: () => Result | Promise<Result>,
  ): Promise<Result | undefined> {
    try {
      return await work();
    } catch (cause) {
      this.#fail(stage, cause);
      return undefined;
    }
  }

  #fail(stage: AgentRunStage, cause: unknown): void {
    this.#failures.push({ stage, cause });
  }
}

function combine(errors: readonly SidecarAgentError[]): unknown {
  return errors.length === 1
    ? errors[0]
    : new AggregateError(errors, errors.map(({ message }) => message).join('; '));
}

function outOfTime(step: string, milliseconds: number): SidecarAgentError {
  return new SidecarAgentError(
    'runtime_error',
    `${step} did not complete within ${milliseconds} ms (closeTimeout): check for a hook that never completes`,
  );
}
