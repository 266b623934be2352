/** Counts the calls that are being answered. */
export class InFlightCalls {
  #count = 0;
  readonly #idle = new Set<() => void>();

  /** How many there are now. */
  get count(): number {
    return this.#count;
  }

  /**
   * A call begins.
   *
   * @returns says that it has ended; only the first time counts
   */
  begin(): () => void {
    this.#count += 1;
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      this.#count -= 1;
      if (this.#count > 0) return;
      for (const resolve of this.#idle) resolve();
      this.#idle.clear();
    };
  }

  /** Resolves as soon as there are none, or when `signal` aborts. */
  whenIdle(signal: AbortSignal): Promise<void> {
    if (this.#count === 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        this.#idle.delete(end);
        signal.removeEventListener('abort', end);
        resolve();
      };
      this.#idle.add(end);
      signal.addEventListener('abort', end, { once: true });
    });
  }
}
