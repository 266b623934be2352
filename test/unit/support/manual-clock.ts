import { setImmediate } from 'node:timers/promises';
import { SidecarClock } from '../../../lib/timing/sidecar-clock.js';

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

/** A clock that stands still until a test advances it. */
export class ManualClock extends SidecarClock {
  /** What `random()` says. */
  chance = 0;
  readonly #start: number;
  readonly #timers = new Set<Timer>();
  #elapsed = 0;

  constructor(start = Date.UTC(2026, 10, 21, 20, 5, 29)) {
    super();
    this.#start = start;
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#start + this.#elapsed;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  random(): number {
    return this.chance;
  }

  after(milliseconds: number, task: () => void): () => void {
    const timer = { at: this.#elapsed + milliseconds, task };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Runs what is due within so many milliseconds, in order; what a task resolves is heard before the next one runs. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#elapsed + milliseconds;
    await setImmediate();
    for (let due = this.#nextUntil(end); due; due = this.#nextUntil(end)) {
      this.#timers.delete(due);
      this.#elapsed = due.at;
      due.task();
      await setImmediate();
    }
    this.#elapsed = end;
  }

  #nextUntil(end: number): Timer | undefined {
    const due = [...this.#timers].filter((timer) => timer.at <= end);
    return due.sort((one, other) => one.at - other.at)[0];
  }
}

/** Tells of a promise whether it has settled by now. */
export function watched(promise: Promise<unknown>): { readonly settled: boolean } {
  const seen = { settled: false };
  const settle = () => {
    seen.settled = true;
  };
  promise.then(settle, settle);
  return seen;
}
