/** The longest limit that doubling leads to, in milliseconds, unless the option is longer. */
const LONGEST = 5 * 60_000;

/** How many of its longest gaps an agent may be silent. */
const GAPS = 3;

/**
 * How long the event stream may be silent. An agent may send its heartbeats at longer intervals
 * than the option `idleTimeout`: so each cut doubles the limit, until the agent's own interval is
 * known; then three times that is the limit, and never less than the option.
 */
export class IdleLimit {
  readonly #option: number;
  #limit: number;
  #connectedAt = 0;
  #lastAt = 0;
  #longestGap = 0;

  /** @param option `idleTimeout` in milliseconds */
  constructor(option: number) {
    this.#option = option;
    this.#limit = option;
  }

  /** The limit in milliseconds. */
  get current(): number {
    return this.#limit;
  }

  /** Notes that a stream begins. All times are milliseconds on one clock. */
  opened(at: number): void {
    this.#connectedAt = at;
    this.#lastAt = at;
    this.#longestGap = 0;
  }

  /** Notes that bytes have arrived. */
  arrived(at: number): void {
    this.#longestGap = Math.max(this.#longestGap, at - this.#lastAt);
    this.#lastAt = at;
    // Until then the bytes may be the beginning of the stream, and no heartbeats.
    const isKnown = at - this.#connectedAt >= this.#option;
    if (isKnown) this.#limit = Math.max(this.#option, GAPS * this.#longestGap);
  }

  /** Notes that the stream was cut because it was silent for longer than the limit. */
  cut(): void {
    this.#limit = Math.max(this.#option, Math.min(2 * this.#limit, LONGEST));
  }
}
