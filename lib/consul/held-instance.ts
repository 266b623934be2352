/** What the Consul agent holds of this process, as far as its answers tell. */
export class HeldInstance {
  #id?: string;
  #change = new AbortController();
  /** The instance that this process has registered and not drained since. */
  #inRotation?: string;
  /** Counts what takes the instance out: a register from before says nothing after it. */
  #withdrawals = 0;
  /** What the content of the instance was last; empty if it is not known. */
  hash = '';

  /** The id of the instance to keep alive; `undefined` if there is none. */
  get id(): string | undefined {
    return this.#id;
  }

  /** Aborts when another instance is held, or none. */
  get change(): AbortSignal {
    return this.#change.signal;
  }

  get withdrawals(): number {
    return this.#withdrawals;
  }

  /** Returns whether this process has the instance in rotation, so that a register replaces nothing. */
  isInRotation(id: string): boolean {
    return this.#inRotation === id;
  }

  /** Notes that Consul has accepted a register. */
  hold(id: string): void {
    this.#inRotation = id;
    if (id !== this.#id) this.#set(id);
  }

  /** Notes that nothing is held: it is lost, or not known yet. */
  release(): void {
    this.#set(undefined);
  }

  /** Notes that this process takes the instance out of rotation. */
  drain(): void {
    this.#inRotation = undefined;
    this.#withdrawals += 1;
  }

  #set(id: string | undefined): void {
    const change = this.#change;
    this.#id = id;
    this.hash = '';
    this.#change = new AbortController();
    change.abort();
  }
}
