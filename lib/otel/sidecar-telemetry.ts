import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import { callChannels, shutdownChannel, statusChannel } from '../channels/sidecar-channels.js';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { getSidecarAgentToken } from '../sidecar-agent.token.js';
import { SidecarStatusService } from '../status/sidecar-status.service.js';
import { listenTo } from './listen-to.js';
import { SidecarMetrics } from './sidecar-metrics.js';
import { SidecarSpans } from './sidecar-spans.js';

/**
 * The mark of a service that is observed: if the module is imported twice, also from two copies of
 * the package, nothing is counted twice.
 */
const OBSERVED = Symbol.for('nestjs-sidecar-agent:observed');

/** Observes one service from the start of its application to the end. */
export class SidecarTelemetry implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  readonly #ref: ModuleRef;
  readonly #name: string | undefined;
  #source?: SidecarStatusService;
  #close = () => {};

  /** @param name the name of the `SidecarAgentModule` */
  constructor(ref: ModuleRef, name: string | undefined) {
    this.#ref = ref;
    this.#name = name;
  }

  onModuleInit(): void {
    this.#source = this.#findSource();
  }

  /**
   * Subscribes: the service is registered later, after all hooks of this kind. Nest does not close
   * an application that fails to initialize, so an earlier subscription could stay. Nest runs this
   * hook twice if your code calls both `init()` and `listen()`.
   */
  onApplicationBootstrap(): void {
    if (!this.#source || OBSERVED in this.#source) return;
    Object.assign(this.#source, { [OBSERVED]: true });
    this.#close = observe(this.#source);
  }

  onApplicationShutdown(): void {
    this.#close();
    this.#close = () => {};
  }

  /** Any module of the application may have it, whether or not it is global. */
  #findSource(): SidecarStatusService {
    const token = getSidecarAgentToken(this.#name, SidecarStatusService);
    try {
      return this.#ref.get<SidecarStatusService>(token, { strict: false });
    } catch (thrown) {
      const which = this.#name === undefined ? 'without a name' : `with the name "${this.#name}"`;
      const message = `SidecarAgentOtelModule: there is no SidecarAgentModule ${which}; import one, or give its name`;
      throw new SidecarAgentError('invalid_options', message, { cause: thrown });
    }
  }
}

/** Observes a service until the returned function is called. */
function observe(source: SidecarStatusService): () => void {
  const metrics = new SidecarMetrics(source);
  const spans = new SidecarSpans();
  const ends = [
    listenTo(statusChannel, source, (message) => metrics.changed(message)),
    ...Object.values(callChannels).flatMap(({ start, asyncEnd }) => [
      listenTo(start, source, (message) => metrics.callStarts(message)),
      listenTo(start, source, (message) => spans.callStarts(message)),
      listenTo(asyncEnd, source, (message) => metrics.callEnds(message)),
      listenTo(asyncEnd, source, (message) => spans.callEnds(message)),
    ]),
    listenTo(shutdownChannel.start, source, (message) => spans.shutdownStarts(message)),
    listenTo(shutdownChannel.asyncEnd, source, (message) => spans.shutdownEnds(message)),
    listenTo(shutdownChannel.asyncEnd, source, (message) => metrics.shutdownEnds(message)),
  ];
  return () => {
    for (const end of ends) end();
    metrics.close();
    spans.close();
  };
}
