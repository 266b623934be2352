import { EventEmitter } from 'node:events';

import type { AgentEventListener, AgentEventMap } from '../agent-event-map.js';

/** The arguments of each event. `change` follows every other event and every `touch()`. */
type EmittedEvents = { [K in keyof AgentEventMap]: [AgentEventMap[K]] } & { change: [] };
/** A listener for the emitter: TypeScript cannot tell which event a generic one belongs to. */
type AnyListener = AgentEventListener<keyof AgentEventMap>;

/** The events of an agent. A listener that throws disturbs neither the agent nor the others. */
export class AgentEvents {
  // Without a limit: a test may wait for many conditions at the same time.
  readonly #emitter = new EventEmitter<EmittedEvents>().setMaxListeners(0);

  /** Adds a listener. A listener that is added twice is called once per event. */
  on<K extends keyof AgentEventMap>(event: K, listener: AgentEventListener<K>): void {
    this.off(event, listener);
    this.#emitter.on<keyof AgentEventMap>(event, listener as AnyListener);
  }

  off<K extends keyof AgentEventMap>(event: K, listener: AgentEventListener<K>): void {
    this.#emitter.off<keyof AgentEventMap>(event, listener as AnyListener);
  }

  /** Calls the observer after every event and `touch()`; returns a function that ends this. */
  observe(observer: () => void): () => void {
    this.#emitter.on('change', observer);
    return () => this.#emitter.off('change', observer);
  }

  emit<K extends keyof AgentEventMap>(event: K, value: AgentEventMap[K]): void {
    for (const listener of this.#emitter.listeners(event) as AnyListener[]) {
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
    this.#emitter.emit('change');
  }
}
