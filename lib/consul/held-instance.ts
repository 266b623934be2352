/** What the Consul agent holds of this process, as far as its answers tell. */
export class HeldInstance {
  #id?: string;
  #change = new AbortController();
  #inRotation?: string;
  #withdrawals = 0;

  /** The id of the instance to keep alive; `undefined` if there is none, or it is not known yet. */
  get id(): string | undefined {
    return this.#id;
  }

  /** Aborts when `id` changes. */
  get change(): AbortSignal {
    return this.#change.signal;
  }

  /** How often this process has withdrawn it: a register from before says nothing any more. */
  get withdrawals(): number {
    return this.#withdrawals;
  }

  /** Returns whether this process has registered the instance, and not withdrawn it since. */
  isInRotation(id: string): boolean {
    return this.#inRotation === id;
  }

  /** Notes that Consul has accepted a register. */
  hold(id: string): void {
    this.#inRotation = id;
    if (id !== this.#id) this.#set(id);
  }

  /** Notes that Consul does not hold it, or that it is not known. */
  release(): void {
    this.#set(undefined);
  }

  /** Notes that this process drains or deregisters it. */
  withdraw(): void {
    this.#inRotation = undefined;
    this.#withdrawals += 1;
  }

  #set(id: string | undefined): void {
    const change = this.#change;
    this.#id = id;
    this.#change = new AbortController();
    change.abort();
  }
}
