/** Counts the calls to one service. */
export class Tally {
  readonly #failures = new Map<string, number>();
  #answered = 0;
  #lost = 0;

  answered(): void {
    this.#answered += 1;
  }

  /** @param cause the status code, and what the instance was doing when the call ended */
  failed(cause: string): void {
    this.#failures.set(cause, (this.#failures.get(cause) ?? 0) + 1);
  }

  /** Counts a call to an instance that was killed: nothing on the instance can save it. */
  lostWithKilled(): void {
    this.#lost += 1;
  }

  summary() {
    const failures = Object.fromEntries(this.#failures);
    const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
    return { calls: this.#answered + failed + this.#lost, failed, failures, lostWithKilled: this.#lost };
  }
}

/** The calls to one service. */
export type Summary = ReturnType<Tally['summary']>;
