import type { SidecarStatusService } from '../../status/sidecar-status.service.js';
import type { SidecarClock } from '../../support/timing/sidecar-clock.js';
import type { RegistrationState } from '../machine/registration-state.js';
import { NO_MEMORY, type NewsMemory, type RegistrationStep, remember } from './news-memory.js';
import { newsOf } from './news-of.js';
import type { RegistrationNews } from './registration-news.js';
import { timelineMoment } from './timeline-moment.js';

/** News, and what was known when it happened. */
export interface DatedNews {
  readonly news: RegistrationNews;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly state: RegistrationState;
}

/** Gets the news of a registration, one by one. It must not throw. */
export interface NewsListener {
  hear(news: DatedNews): void;
}

/**
 * Finds the news in the steps of the state machine, and writes the timeline. It notes a step before
 * the status is published, and tells of it after its commands have begun.
 */
export class NewsTeller {
  readonly #clock: SidecarClock;
  readonly #status: Pick<SidecarStatusService, 'note'>;
  readonly #listener?: NewsListener;
  #memory: NewsMemory = NO_MEMORY;

  constructor(clock: SidecarClock, status: Pick<SidecarStatusService, 'note'>, listener?: NewsListener) {
    this.#clock = clock;
    this.#status = status;
    this.#listener = listener;
  }

  /** Adds a step to the timeline, and returns its news. */
  note(step: Omit<RegistrationStep, 'elapsed'>): readonly DatedNews[] {
    const dated = { ...step, elapsed: this.#clock.elapsed() };
    const news = newsOf(this.#memory, dated);
    this.#memory = remember(this.#memory, dated);
    if (news.length === 0) return [];
    const at = this.#clock.now();
    for (const one of news) this.#status.note(timelineMoment(one, at, step.after));
    return news.map((one) => ({ news: one, at, state: step.after }));
  }

  /** Passes the news of a step on. */
  tell(all: readonly DatedNews[]): void {
    for (const news of all) this.#listener?.hear(news);
  }
}
