import type { Logger, OnModuleInit } from '@nestjs/common';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';
import type { DatedNews, NewsListener } from '../registration/news/news-teller.js';
import type { SidecarStatus } from '../status/sidecar-status.js';
import { runGuarded } from '../support/listeners/run-guarded.js';
import { describeThrown } from '../support/text/describe-thrown.js';
import { type EventHandler, eventHandlersOf } from './event-handler.js';
import { moduleNames, warningOf } from './module-names.js';
import type { SidecarEvent } from './sidecar-event.js';
import { toSidecarEvents } from './to-sidecar-events.js';

/** What the handlers of a module work with. */
export interface EventHandlersParts {
  /** The name of the module. */
  readonly name: string | undefined;
  readonly serviceName: string;
  readonly modules: ModulesContainer;
  readonly status: { status(): SidecarStatus };
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

/** Calls the methods that `@OnSidecar` decorates, for one `SidecarAgentModule`. */
export class EventHandlers implements NewsListener, OnModuleInit {
  readonly #parts: EventHandlersParts;
  readonly #seen = new Set<object>();
  readonly #handlers: EventHandler[] = [];

  constructor(parts: EventHandlersParts) {
    this.#parts = parts;
  }

  /** Finds the handlers, and warns of those that no module calls. */
  onModuleInit(): void {
    this.#findHandlers();
  }

  hear(news: DatedNews): void {
    // Nest may have loaded modules lazily since, or still be loading one.
    this.#findHandlers();
    if (this.#handlers.length === 0) return;
    const { serviceName, status } = this.#parts;
    for (const event of toSidecarEvents(news, serviceName, status.status())) this.#call(Object.freeze(event));
  }

  #call(event: SidecarEvent): void {
    for (const handler of this.#handlers) {
      if (handler.handled.type !== event.type) continue;
      runGuarded(
        () => handler.call(event),
        (thrown) => {
          const failed = `${handler.label} failed to handle @OnSidecar('${event.type}')`;
          this.#parts.logger.error(failed, describeThrown(thrown));
        },
      );
    }
  }

  #findHandlers(): void {
    const { modules, name, logger } = this.#parts;
    const fresh = [...modules.values()].filter((module) => !this.#seen.has(module));
    if (fresh.length === 0) return;
    const scanner = new MetadataScanner();
    const found = fresh.flatMap((module) => {
      const { handlers, isComplete } = eventHandlersOf(module, scanner, this.#seen);
      if (isComplete) this.#seen.add(module);
      return handlers;
    });
    this.#handlers.push(...found.filter(({ handled }) => handled.name === name));
    if (found.length === 0) return;
    const names = moduleNames(modules);
    // Each module finds the handlers of all; one of them warns.
    if (names[0] !== name) return;
    for (const warning of found.map((handler) => warningOf(handler, names))) {
      if (warning !== undefined) logger.warn(warning);
    }
  }
}
