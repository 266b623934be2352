import type { AgentEvent } from '../protocol/connection-event.js';

/**
 * Opens connections to the event stream of the agent, one at a time. {@link WatchService} opens the
 * next one when one has ended.
 *
 * It is a DI token: provide a source of your own to replace the one over HTTP.
 *
 * @example
 * ```ts
 * const providers = [{ provide: SidecarEventSource, useClass: MySource }];
 * SidecarAgentModule.forRoot({ ...options, providers });
 * ```
 */
export abstract class SidecarEventSource {
  /**
   * Opens one connection and passes on its events until it ends.
   *
   * @param onEvent gets each event, in order
   * @param signal aborts when the watch is stopped. Settle without delay then
   * @returns a promise that resolves when the agent has ended the stream, or `signal` has aborted
   * @throws {WatchError} if the connection fails. Any other error is reported as `runtime_error`
   */
  abstract watch(onEvent: (event: AgentEvent) => void, signal: AbortSignal): Promise<void>;
}
