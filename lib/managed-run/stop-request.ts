import { constants } from 'node:os';
import type { Logger } from '@nestjs/common';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';

/** One Ctrl-C may come twice, from the terminal and from npm: what follows within so many milliseconds is no second wish. */
const ECHO = 1_000;

/** What a stop is asked for by. */
export interface StopSources {
  readonly signals: readonly NodeJS.Signals[];
  readonly abortSignal?: AbortSignal;
  readonly secondSignal: 'exit' | 'ignore';
  readonly clock: SidecarClock;
  readonly logger: Logger;
}

/** The wish that the run end: a signal, or an AbortSignal. From its making to its `release` it owns the signals. */
export class StopRequest {
  /** Resolves when the run is to end. */
  readonly made: Promise<void>;
  readonly #sources: StopSources;
  readonly #owned = new Set<NodeJS.Signals>();
  #resolveMade = () => {};
  #isMade = false;
  #signal?: NodeJS.Signals;
  #firstAt = 0;

  constructor(sources: StopSources) {
    this.#sources = sources;
    this.made = new Promise((resolve) => (this.#resolveMade = resolve));
    this.own(sources.signals);
    const { abortSignal } = sources;
    if (abortSignal?.aborted) this.#onAbort();
    abortSignal?.addEventListener('abort', this.#onAbort);
  }

  get isMade(): boolean {
    return this.#isMade;
  }

  /** The signal it came by, if it did. */
  get signal(): NodeJS.Signals | undefined {
    return this.#signal;
  }

  /** Listens to more signals. */
  own(signals: readonly NodeJS.Signals[]): void {
    for (const signal of signals) {
      if (this.#owned.has(signal)) continue;
      this.#owned.add(signal);
      process.on(signal, this.#onSignal);
    }
  }

  /** Gives the signals back. */
  release(): void {
    for (const signal of this.#owned) process.removeListener(signal, this.#onSignal);
    this.#owned.clear();
    this.#sources.abortSignal?.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = () => this.#make('abortSignal is aborted');

  readonly #onSignal = (signal: NodeJS.Signals) => {
    const { clock, logger, secondSignal } = this.#sources;
    if (this.#signal === undefined) {
      this.#signal = signal;
      this.#firstAt = clock.elapsed();
      return this.#make(`${signal} received`);
    }
    if (secondSignal === 'ignore' || clock.elapsed() - this.#firstAt < ECHO) return;
    logger.warn(`${signal} received again: the process ends at once, whatever is still open`);
    process.exit(128 + constants.signals[signal]);
  };

  #make(why: string): void {
    if (this.#isMade) return;
    this.#isMade = true;
    this.#sources.logger.log(`${why}: leaving the mesh, then closing the application`);
    this.#resolveMade();
  }
}
