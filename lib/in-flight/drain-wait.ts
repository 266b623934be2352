import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { drainEndsAt } from './drain-rule.js';
import type { DrainTraffic } from './drain-traffic.js';
import { remindOfCalls } from './calls-reminder.js';
import type { InFlightCalls } from './in-flight-calls.js';

/**
 * How often the end of a wait is computed anew, in milliseconds: the agent may be lost meanwhile.
 */
const RECHECK = 500;

/** What the waits of a leave are made with. Durations are milliseconds. */
export interface DrainWaitParts {
  readonly calls: InFlightCalls;
  readonly clock: SidecarClock;
  readonly gracePeriod: number;
  readonly drainDelay: number | 'auto';
  /** Returns when the agent was lost, on the clock's `elapsed()`; `undefined` if it is there. */
  readonly agentLostAt: () => number | undefined;
  /** How long an agent that is gone keeps its services listed elsewhere. */
  readonly lease: number;
  /** Writes a line to the log. */
  readonly log: (line: string) => void;
}

/** Ends a wait early. */
export interface WaitEnd {
  /** Ends it at once. */
  readonly signal: AbortSignal;
  /** The latest end, on the clock's `elapsed()`. */
  readonly until: number;
}

/**
 * The waits of a leave, while the server keeps serving. All of them together end with the grace
 * period, which starts with {@link begin} or the first wait.
 */
export class DrainWait {
  readonly #parts: DrainWaitParts;
  #graceEnd?: number;

  constructor(parts: DrainWaitParts) {
    this.#parts = parts;
  }

  /**
   * Starts the grace period, unless it has started. Returns its end, on the clock's `elapsed()`.
   */
  begin(): number {
    const { clock, gracePeriod } = this.#parts;
    return (this.#graceEnd ??= clock.elapsed() + gracePeriod);
  }

  /**
   * Waits until routers have learned of the drain and no call is in flight.
   *
   * @returns false if the wait was ended before that
   */
  async forRouters(traffic: DrainTraffic, end: WaitEnd): Promise<boolean> {
    const { calls, clock, drainDelay, agentLostAt, lease } = this.#parts;
    let haveLearned = false;
    await this.#bounded(end, async (over) => {
      // One turn later the connection of the drain is free for the deregister.
      await clock.sleep(0, over);
      while (!over.aborted) {
        await this.#whenIdle(over);
        const endsAt = drainEndsAt(traffic.facts(agentLostAt()), drainDelay, lease);
        const rest = endsAt - clock.elapsed();
        haveLearned = rest <= 0 && calls.count === 0;
        if (haveLearned) return;
        await clock.sleep(Math.min(Math.max(rest, 1), RECHECK), over);
      }
    });
    return haveLearned;
  }

  /** Waits until no call is in flight. */
  async forCalls(end: WaitEnd): Promise<void> {
    await this.#bounded(end, (over) => this.#whenIdle(over));
  }

  async #whenIdle(over: AbortSignal): Promise<void> {
    const { calls, clock, log } = this.#parts;
    if (calls.count === 0) return;
    const cancelReminder = remindOfCalls(clock, calls, log);
    await calls.whenIdle(over);
    cancelReminder();
  }

  async #bounded({ signal, until }: WaitEnd, wait: (over: AbortSignal) => Promise<void>): Promise<void> {
    const { clock } = this.#parts;
    const over = new AbortController();
    const end = () => over.abort();
    const rest = Math.min(this.begin(), until) - clock.elapsed();
    const cancel = clock.after(Math.max(0, rest), end);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    await wait(over.signal);
    cancel();
    signal.removeEventListener('abort', end);
  }
}
