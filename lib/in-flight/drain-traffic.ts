import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import type { Arrivals, Traffic } from './arrivals.js';
import type { DrainFacts } from './drain-rule.js';

/** What a drain shows of the routers. Times are milliseconds since 1970. */
export interface DrainSnapshot {
  /** When the drain was sent. */
  readonly startedAt: number;
  /** When the last call since then arrived; `null` if none did. */
  readonly lastCallAt: number | null;
  /** How many calls have arrived since then. */
  readonly callsSince: number;
  /** How long no call has arrived, in milliseconds: since the last one, or since the drain. */
  readonly quietFor: number;
}

/** Follows the calls that arrive after a drain: they tell when routers have learned of it. */
export class DrainTraffic {
  readonly #clock: SidecarClock;
  readonly #arrivals: Arrivals;
  readonly #before: Traffic;
  readonly #startedAt: number;
  readonly #startedOn: number;
  #answeredAt?: number;
  #end?: DrainSnapshot;

  /** The drain is sent now. */
  constructor(clock: SidecarClock, arrivals: Arrivals) {
    this.#clock = clock;
    this.#arrivals = arrivals;
    this.#before = arrivals.lastMinute();
    this.#startedAt = clock.elapsed();
    this.#startedOn = clock.now();
    arrivals.mark();
  }

  /** Whether calls that arrive still tell of the drain. */
  get isOpen(): boolean {
    return this.#end === undefined;
  }

  /** The agent accepted the drain, or the deregister in its place. */
  answered(): void {
    this.#answeredAt = this.#clock.elapsed();
  }

  /** The service is back in rotation, or has left: what comes now says nothing of the drain. */
  end(): void {
    this.#end ??= this.snapshot();
  }

  /**
   * Returns what the end of the wait is decided by.
   *
   * @param agentLostAt when the agent was lost, on the clock's `elapsed()`
   */
  facts(agentLostAt: number | undefined): DrainFacts {
    return {
      before: this.#before,
      since: this.#arrivals.sinceMark(),
      startedAt: this.#startedAt,
      answeredAt: this.#answeredAt,
      agentLostAt,
    };
  }

  /** Returns what the drain has shown so far. */
  snapshot(): DrainSnapshot {
    if (this.#end) return this.#end;
    const { calls, lastAt } = this.#arrivals.sinceMark();
    const now = this.#clock.elapsed();
    return {
      startedAt: this.#startedOn,
      lastCallAt: lastAt === undefined ? null : this.#startedOn + (lastAt - this.#startedAt),
      callsSince: calls,
      quietFor: now - (lastAt ?? this.#startedAt),
    };
  }
}
