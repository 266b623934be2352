import { EventEmitter } from 'node:events';

import type { AgentEventListener, AgentEventMap } from '../agent-event-map.js';

/** The arguments of each event. */
type EmittedEvents = { [K in keyof AgentEventMap]: [AgentEventMap[K]] };
/** A listener for the emitter: TypeScript cannot tell which event a generic one belongs to. */
type AnyListener = AgentEventListener<keyof AgentEventMap>;

const EVENTS: ReadonlySet<string> = new Set([
  'request',
  'answer',
  'instance',
  'watch',
] satisfies (keyof AgentEventMap)[]);

/** The events of an agent. A listener that throws disturbs neither the agent nor the others. */
export class AgentEvents {
  // Without a limit: a test may wait for many conditions at the same time.
  readonly #emitter = new EventEmitter<EmittedEvents>().setMaxListeners(0);
  /** Apart from the events, whose names users choose. */
  readonly #observers = new EventEmitter<{ change: [] }>().setMaxListeners(0);

  /** Adds a listener. A listener that is added twice is called once per event. */
  on<K extends keyof AgentEventMap>(event: K, listener: AgentEventListener<K>): void {
    checkName(event);
    if (this.#isAttached(event, listener as AnyListener)) return;
    this.#emitter.on<keyof AgentEventMap>(event, listener as AnyListener);
  }

  off<K extends keyof AgentEventMap>(event: K, listener: AgentEventListener<K>): void {
    checkName(event);
    this.#emitter.off<keyof AgentEventMap>(event, listener as AnyListener);
  }

  /** Calls the observer after every event and `touch()`; returns a function that ends this. */
  observe(observer: () => void): () => void {
    this.#observers.on('change', observer);
    return () => this.#observers.off('change', observer);
  }

  emit<K extends keyof AgentEventMap>(event: K, value: AgentEventMap[K]): void {
    for (const listener of this.#emitter.listeners(event) as AnyListener[]) {
      // Another listener may have removed it.
      if (!this.#isAttached(event, listener)) continue;
      try {
        listener(value);
      } catch (error) {
        // Swallowed, a failed assertion in a listener would leave its test green.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
    this.touch();
  }

  /** Tells the observers of a change that is not an event: the agent was started or stopped. */
  touch(): void {
    this.#observers.emit('change');
  }

  #isAttached(event: keyof AgentEventMap, listener: AnyListener): boolean {
    return this.#emitter.listeners(event).includes(listener);
  }
}

/** TypeScript refuses another name; JavaScript would never hear of it. */
function checkName(event: string): void {
  if (EVENTS.has(event)) return;
  throw new TypeError(`unknown event ${JSON.stringify(event)}: use ${[...EVENTS].join(', ')}`);
}
