import { constants } from 'node:os';
import type { Logger } from '@nestjs/common';
import { ECHO } from '../process-end/second-signal.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';

/** What can end a run. */
export interface StopSources {
  readonly signals: readonly NodeJS.Signals[];
  readonly abortSignal?: AbortSignal;
  readonly secondSignal: 'exit' | 'ignore';
  /** Is called as soon as the run should end, before any other listener of the signal. */
  readonly onMade: () => unknown;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
  readonly clock: SidecarClock;
  readonly logger: Logger;
}

/**
 * Waits for what ends the run: a signal, an AbortSignal, or the message of PM2. It handles them
 * from its creation until `release`.
 */
export class StopRequest {
  /** Resolves when the run should end. */
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
    process.on('message', this.#onMessage);
    const { abortSignal } = sources;
    if (abortSignal?.aborted) this.#onAbort();
    abortSignal?.addEventListener('abort', this.#onAbort);
  }

  get isMade(): boolean {
    return this.#isMade;
  }

  /** The first signal, if there was one. */
  get signal(): NodeJS.Signals | undefined {
    return this.#signal;
  }

  /** Handles more signals. */
  own(signals: readonly NodeJS.Signals[]): void {
    for (const signal of signals) {
      if (this.#owned.has(signal)) continue;
      this.#owned.add(signal);
      // Before other listeners: one of them may call process.exit.
      process.prependListener(signal, this.#onSignal);
    }
  }

  /** Removes all handlers. */
  release(): void {
    for (const signal of this.#owned) process.removeListener(signal, this.#onSignal);
    this.#owned.clear();
    process.removeListener('message', this.#onMessage);
    this.#sources.abortSignal?.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = () => this.#make('abortSignal aborted');

  /** With `shutdown_with_message` PM2 sends a message in place of a signal. */
  readonly #onMessage = (message: unknown) => {
    if (message === 'shutdown') this.#make('message "shutdown" received');
  };

  readonly #onSignal = (signal: NodeJS.Signals) => {
    const { clock, logger, secondSignal, exit } = this.#sources;
    if (this.#signal === undefined) {
      this.#signal = signal;
      this.#firstAt = clock.elapsed();
      return this.#make(`${signal} received`);
    }
    if (secondSignal === 'ignore' || clock.elapsed() - this.#firstAt < ECHO) return;
    const code = 128 + constants.signals[signal];
    logger.warn(`${signal} received again: exiting at once with code ${code}, calls in flight are cut off`);
    exit(code);
  };

  #make(why: string): void {
    if (this.#isMade) return;
    this.#isMade = true;
    this.#sources.onMade();
    this.#sources.logger.log(`${why}: leaving the mesh, then closing the application`);
    this.#resolveMade();
  }
}
