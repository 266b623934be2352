import { randomUUID } from 'node:crypto';

import { AdminApi } from './admin-api.js';
import { AdminHttpHandler } from './admin-http-handler.js';
import type { AgentEvents } from './agent-events.js';
import type { EmbeddedAgentOptions } from '../embedded-agent-options.js';
import { InstanceRegistry } from './instance-registry.js';
import { LoopbackListener } from './loopback-listener.js';
import type { RequestLog } from './request-log.js';
import type { ScriptedFaults } from './scripted-faults.js';
import { ServingProbes } from './serving-probes.js';
import { WatchStreams } from './watch-streams.js';

/** What outlives a run of the agent: what the test observes and what it scripted. */
export interface AgentRunContext {
  readonly options: Readonly<Required<EmbeddedAgentOptions>>;
  readonly events: AgentEvents;
  readonly log: RequestLog;
  readonly faults: ScriptedFaults;
  readonly isSilent: () => boolean;
}

/** The agent's process, so to speak: from a start to a kill, with all that it knows and has open. */
export class AgentRun {
  readonly registry: InstanceRegistry;
  readonly streams: WatchStreams;
  readonly #context: AgentRunContext;
  readonly #probes: ServingProbes;
  readonly #listener: LoopbackListener;
  #closing: Promise<void> | undefined;

  constructor(context: AgentRunContext) {
    const { options, events, log, faults, isSilent } = context;
    this.#context = context;
    this.#probes = new ServingProbes(options.probe, (identity) => this.registry.serve(identity));
    const now = () => new Date();
    this.registry = new InstanceRegistry({
      now,
      newId: randomUUID,
      onChange: (instance, identity) => {
        this.#probes.follow(instance, identity);
        events.emit('instance', instance);
      },
    });
    this.streams = new WatchStreams({
      style: options.watchStyle,
      heartbeatInterval: options.heartbeatInterval,
      isSilent,
      onChange: (change) => events.emit('watch', change),
    });
    const handler = new AdminHttpHandler({
      api: new AdminApi({ dialect: options.dialect, registry: this.registry, agentRunId: randomUUID(), now }),
      registry: this.registry,
      streams: this.streams,
      faults,
      log,
      events,
      isClosed: () => this.#closing !== undefined,
    });
    this.#listener = new LoopbackListener((request, response) => void handler.handle(request, response));
  }

  /** Listens, and returns the port. */
  listen(port: number): Promise<number> {
    return this.#listener.listen(this.#context.options.host, port);
  }

  /** From this call on nothing is answered, probed or sent; settles once the port is free. */
  kill(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#probes.stop();
    // Here and not at the end of each connection: whoever awaited the close has been told of every stream.
    this.streams.drop();
    await this.#listener.close();
  }
}
