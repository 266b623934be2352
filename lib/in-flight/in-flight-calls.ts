/** Counts the calls in flight: gRPC calls, or HTTP requests. */
export class InFlightCalls {
  #count = 0;
  readonly #idle = new Set<() => void>();

  /** How many calls are in flight now. */
  get count(): number {
    return this.#count;
  }

  /**
   * Counts the start of a call.
   *
   * @returns counts the end of the call; only its first call counts
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

  /** Waits until no call is in flight, or `signal` aborts. */
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
