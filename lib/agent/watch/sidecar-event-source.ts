import type { AgentEvent } from '../protocol/connection-event.js';

/**
 * Where the agent's events come from, one connection at a time, and the DI token under which another source can take the
 * place of the one over HTTP. The {@link WatchService} calls it again after each connection, for ever.
 *
 * @example
 * ```ts
 * SidecarAgentModule.forRoot({ ...options, providers: [{ provide: SidecarEventSource, useClass: MySource }] })
 * ```
 */
export abstract class SidecarEventSource {
  /**
   * Opens one connection and hands over its events until it ends.
   *
   * @param onEvent takes each event, in order
   * @param signal aborts when the watch is stopped: settle at once then
   * @returns when the agent has ended the stream, or `signal` has aborted
   * @throws what the connection failed with, preferably a {@link WatchError}
   */
  abstract watch(onEvent: (event: AgentEvent) => void, signal: AbortSignal): Promise<void>;
}
