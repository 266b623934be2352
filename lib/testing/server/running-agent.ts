import { randomUUID } from 'node:crypto';

import type { CompleteAgentOptions } from '../embedded-agent-options.js';
import { AdminApi } from './admin-api.js';
import { AdminHttpHandler } from './admin-http-handler.js';
import type { AgentExtension } from './agent-extension.js';
import type { AgentEvents } from './agent-events.js';
import { InstanceRegistry } from './instance-registry.js';
import { LoopbackListener } from './loopback-listener.js';
import { RequestGuard } from './request-guard.js';
import type { RequestLog } from './request-log.js';
import type { RouteDocuments } from './route-documents.js';
import type { ScriptedFaults } from './scripted-faults.js';
import { ServingProbes } from './serving-probes.js';
import { WatchStreams } from './watch-streams.js';

/** What stays when the agent is stopped: its options, and what the test observes and scripts. */
export interface RunningAgentContext {
  readonly options: CompleteAgentOptions;
  readonly events: AgentEvents;
  readonly log: RequestLog;
  readonly faults: ScriptedFaults;
  readonly routes: RouteDocuments;
  readonly isSilent: boolean;
  readonly extension: AgentExtension | undefined;
}

/** An agent from its start to its kill, with its instances and everything it has open. */
export class RunningAgent {
  readonly registry: InstanceRegistry;
  readonly streams: WatchStreams;
  readonly #context: RunningAgentContext;
  readonly #probes: ServingProbes;
  readonly #listener: LoopbackListener;
  #closing: Promise<void> | undefined;

  constructor(context: RunningAgentContext) {
    const { options, events, log, faults, routes } = context;
    this.#context = context;
    this.#probes = new ServingProbes(options.probe, (identity) => this.registry.serve(identity));
    const now = () => new Date();
    this.registry = new InstanceRegistry({
      now,
      newId: randomUUID,
      maxInstances: options.maxInstances,
      routes: options.routeConflicts ? routes : undefined,
      onChange: (instance, identity) => {
        this.#probes.follow(instance, identity);
        events.emit('instance', instance);
      },
    });
    this.streams = new WatchStreams({
      style: options.watchStyle,
      maxStreams: options.maxStreams,
      heartbeatInterval: options.heartbeatInterval,
      isSilent: () => context.isSilent,
      onChange: (change) => events.emit('watch', change),
    });
    const handler = new AdminHttpHandler({
      api: new AdminApi({ dialect: options.dialect, registry: this.registry, agentRunId: randomUUID(), now }),
      guard: new RequestGuard(options.hosts),
      registry: this.registry,
      streams: this.streams,
      faults,
      log,
      events,
      extension: () => context.extension,
      isClosed: () => this.#closing !== undefined,
    });
    this.#listener = new LoopbackListener((request, response) => void handler.handle(request, response));
  }

  /**
   * Loses all instances of a service: see {@link EmbeddedAgent.lose}.
   *
   * @returns the number of instances
   */
  lose(name: string, curable: boolean): number {
    const count = this.registry.lose(name, curable ? 'curable' : 'final');
    this.#context.events.touch();
    return count;
  }

  /** Starts to listen on the port, and on the Unix socket if there is one; returns the port. */
  listen(port: number): Promise<number> {
    const { host, socketPath } = this.#context.options;
    return this.#listener.listen({ host, port, socketPath });
  }

  /** Stops all answers, probes and streams immediately; resolves when the port is free. */
  kill(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#probes.stop();
    // Before the close, so that all `watch` events have been emitted when the promise resolves.
    this.streams.drop();
    await this.#listener.close();
  }
}
