import type { Attributes, ObservableResult } from '@opentelemetry/api';
import type {
  SidecarCallMessage,
  SidecarShutdownMessage,
  SidecarStatusMessage,
} from '../channels/sidecar-messages.js';
import type { SidecarStatusService } from '../status/sidecar-status.service.js';
import { ERROR_TYPE, SERVICE_NAME } from './attributes.js';
import { errorTypeOf } from './error-type.js';
import { createInstruments } from './instruments.js';

const FACTS = ['connected', 'registered'] as const;

/** Measures one service. */
export class SidecarMetrics {
  readonly #source: SidecarStatusService;
  readonly #instruments = createInstruments();
  readonly #startedAt = new WeakMap<SidecarCallMessage, number>();
  /** The values of the two counters. */
  readonly #counted = { connected: 0, registered: 0 };
  #wasConnected: boolean;
  #isClosed = false;
  /** Absent until the application is booted and its server is bound. */
  #attributes?: Attributes;

  constructor(source: SidecarStatusService) {
    this.#source = source;
    this.#wasConnected = source.status().connected;
    // The module does not publish each call, so it reads the count at each collection.
    this.#instruments.callsInFlight.addCallback(this.#observeCalls);
  }

  changed({ serviceName, status }: SidecarStatusMessage): void {
    if (!this.#attributes) {
      this.#attributes = { [SERVICE_NAME]: serviceName };
      // A counter that has counted nothing is a 0, too.
      for (const fact of FACTS) this.#instruments[fact].add(0, this.#attributes);
      this.#instruments.reconnects.add(0, this.#attributes);
    }
    const isReconnect = !this.#wasConnected && status.connected && status.disconnectCount > 0;
    if (isReconnect) this.#instruments.reconnects.add(1, this.#attributes);
    this.#wasConnected = status.connected;
    for (const fact of FACTS) this.#count(fact, Number(status[fact]));
  }

  callStarts(message: SidecarCallMessage): void {
    this.#startedAt.set(message, performance.now());
  }

  callEnds(message: SidecarCallMessage): void {
    const startedAt = this.#startedAt.get(message);
    const { operation, serviceName } = message;
    if (startedAt === undefined || operation === 'deregister') return;
    const service: Attributes = { [SERVICE_NAME]: serviceName };
    const failed = 'error' in message;
    const attributes = failed ? { ...service, [ERROR_TYPE]: errorTypeOf(message.error) } : service;
    const { registerDuration, registerFailures, drainDuration } = this.#instruments;
    const duration = operation === 'register' ? registerDuration : drainDuration;
    duration.record((performance.now() - startedAt) / 1_000, attributes);
    if (failed && operation === 'register') registerFailures.add(1, attributes);
  }

  shutdownEnds({ serviceName, propagation }: SidecarShutdownMessage): void {
    if (propagation === null) return;
    this.#instruments.drainPropagation.record(propagation / 1_000, { [SERVICE_NAME]: serviceName });
  }

  /** Sets the two counters to 0 and stops observing the calls. */
  close(): void {
    for (const fact of FACTS) this.#count(fact, 0);
    this.#isClosed = true;
    if (!this.#attributes) this.#stopObserving();
  }

  #count(fact: (typeof FACTS)[number], value: number): void {
    const change = value - this.#counted[fact];
    if (change === 0) return;
    this.#counted[fact] = value;
    this.#instruments[fact].add(change, this.#attributes);
  }

  readonly #observeCalls = (result: ObservableResult): void => {
    if (!this.#attributes) return;
    result.observe(this.#isClosed ? 0 : this.#source.status().inFlight, this.#attributes);
    // The SDK goes on with the last value, so that is a 0. It is still calling callbacks.
    if (this.#isClosed) queueMicrotask(() => this.#stopObserving());
  };

  #stopObserving(): void {
    this.#instruments.callsInFlight.removeCallback(this.#observeCalls);
  }
}
