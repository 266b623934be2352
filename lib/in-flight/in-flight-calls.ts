import { sortUnique } from '../support/text/sort-unique.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { Arrivals } from './arrivals.js';
import { DrainTraffic } from './drain-traffic.js';

/** Something else that counts calls, such as one gRPC server. */
export interface CallSource {
  /** How many calls are in flight now. */
  readonly count: number;
  /** What they are for, sorted and without repeats: methods of a gRPC server. */
  readonly methods: readonly string[];
  /** Ends the calls that would never end by themselves, such as health watches. */
  endEndless(): void;
  /** Ends every call, so that its caller may repeat it elsewhere. */
  endAll(): void;
}

/** Work that can be waited for. */
export interface CountedWork {
  /** How much of it is in flight now. */
  readonly count: number;
  /** Waits until none is in flight, or `signal` aborts. */
  whenIdle(signal: AbortSignal): Promise<void>;
}

/** How often a source that cannot tell of its last call is asked, in milliseconds. */
const POLL_INTERVAL = 25;

/** The calls in flight: gRPC calls, HTTP requests, and whatever your code counts. */
export class InFlightCalls implements CountedWork {
  /** When calls arrived. */
  readonly arrivals: Arrivals;
  readonly #clock: SidecarClock;
  readonly #sources = new Set<CallSource>();
  readonly #idle = new Set<() => void>();
  readonly #open = { calls: 0, messages: 0 };
  #drain?: DrainTraffic;

  constructor(clock: SidecarClock) {
    this.#clock = clock;
    this.arrivals = new Arrivals(clock);
  }

  /** How many calls are in flight now. */
  get count(): number {
    return this.#open.messages + this.#countExceptMessages();
  }

  /** All but messages of other transports: new ones arrive as long as their server is open. */
  get exceptMessages(): CountedWork {
    const count = () => this.#countExceptMessages();
    return {
      get count() {
        return count();
      },
      whenIdle: (signal) => this.#whenNone(count, signal),
    };
  }

  /** The names of the calls in flight, as far as they have one. */
  get methods(): readonly string[] {
    return sortUnique([...this.#sources].flatMap(({ methods }) => methods));
  }

  /** The last drain; `undefined` before the first. */
  get drain(): DrainTraffic | undefined {
    return this.#drain;
  }

  /** Starts to follow a drain that is sent now, and ends the calls that would never end. */
  beginDrain(): DrainTraffic {
    for (const source of this.#sources) source.endEndless();
    return (this.#drain = new DrainTraffic(this.#clock, this.arrivals));
  }

  /** Adds calls that are counted elsewhere. */
  addSource(source: CallSource): void {
    this.#sources.add(source);
  }

  /**
   * Counts the start of a call.
   *
   * @returns counts the end of the call; only its first call counts
   */
  begin(): () => void {
    return this.#begin('calls');
  }

  /** Counts the start of a message of another transport, as {@link begin} does. */
  beginMessage(): () => void {
    return this.#begin('messages');
  }

  /** Ends every call that its source can end. */
  endAll(): void {
    for (const source of this.#sources) source.endAll();
  }

  /** Waits until no call is in flight, or `signal` aborts. */
  whenIdle(signal: AbortSignal): Promise<void> {
    return this.#whenNone(() => this.count, signal);
  }

  #countExceptMessages(): number {
    let count = this.#open.calls;
    for (const source of this.#sources) count += source.count;
    return count;
  }

  #begin(kind: 'calls' | 'messages'): () => void {
    this.#open[kind] += 1;
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      this.#open[kind] -= 1;
      if (this.#open[kind] > 0) return;
      for (const check of this.#idle) check();
    };
  }

  #whenNone(count: () => number, signal: AbortSignal): Promise<void> {
    if (count() === 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      let cancel = () => {};
      const end = () => {
        cancel();
        this.#idle.delete(check);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const check = () => {
        if (count() === 0) end();
      };
      const poll = () => {
        cancel = this.#clock.after(POLL_INTERVAL, () => {
          poll();
          check();
        });
      };
      this.#idle.add(check);
      signal.addEventListener('abort', end, { once: true });
      // Sources are read: they have no event for their last call.
      if (this.#sources.size > 0) poll();
    });
  }
}
