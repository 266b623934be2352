import type { AgentInstance } from '../agent-instance.js';
import type { AgentRequest } from '../agent-request.js';

/** A watch stream came or went. */
export interface AgentWatchChange {
  /** What happened. */
  readonly type: 'opened' | 'closed';
  /** How many streams are open now. */
  readonly watchers: number;
}

/** What an agent reports: the name of each event, and what its listeners are given. */
export interface AgentEventMap {
  /** A request has come in full, and the agent has not acted on it yet. */
  request: AgentRequest;
  /** A request was answered, its `status` says how; for a watch, the stream was opened. */
  answer: AgentRequest;
  /** An instance entered another state. */
  instance: AgentInstance;
  /** A watch stream was opened or closed. */
  watch: AgentWatchChange;
}

/** A listener for one sort of event. */
export type AgentEventListener<K extends keyof AgentEventMap> = (value: AgentEventMap[K]) => void;

/** Who listens to an agent. A listener that throws disturbs neither the agent nor the other listeners. */
export class AgentEvents {
  readonly #listeners: { readonly [K in keyof AgentEventMap]: Set<AgentEventListener<K>> } = {
    request: new Set(),
    answer: new Set(),
    instance: new Set(),
    watch: new Set(),
  };
  readonly #observers = new Set<() => void>();

  on<K extends keyof AgentEventMap>(event: K, listener: AgentEventListener<K>): void {
    this.#listeners[event].add(listener);
  }

  off<K extends keyof AgentEventMap>(event: K, listener: AgentEventListener<K>): void {
    this.#listeners[event].delete(listener);
  }

  /** Calls back after every event, and after every {@link touch}; returns what ends that. */
  observe(observer: () => void): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  emit<K extends keyof AgentEventMap>(event: K, value: AgentEventMap[K]): void {
    for (const listener of this.#listeners[event]) {
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

  /** Says that something changed that is no event: the agent was started or stopped. */
  touch(): void {
    for (const observer of this.#observers) observer();
  }
}
