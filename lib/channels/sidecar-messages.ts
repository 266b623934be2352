import type { SidecarAnswer } from '../agent/client/sidecar-client.js';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { SidecarStatus } from '../status/sidecar-status.js';
import type { SidecarStatusService } from '../status/sidecar-status.service.js';

/** What every message on the channels of this package has. */
export interface SidecarMessage {
  /** The name of the service that is registered. */
  readonly serviceName: string;
  /**
   * The status service of the module that sent the message: the object that you inject. It tells
   * the modules and applications of a process apart.
   */
  readonly source: SidecarStatusService;
}

/**
 * The message of the channel `nestjs-sidecar-agent:status`: the registration has changed. The first
 * one comes when the application is booted and its server is bound, the last one when the service
 * has left the mesh.
 */
export interface SidecarStatusMessage extends SidecarMessage {
  /** The status right after the change. */
  readonly status: SidecarStatus;
}

/**
 * The message of a call to the agent: the same object on each channel of one of the tracing
 * channels `nestjs-sidecar-agent:register`, `nestjs-sidecar-agent:drain` and
 * `nestjs-sidecar-agent:deregister`.
 *
 * @example
 * ```ts
 * tracingChannel('nestjs-sidecar-agent:register').start.subscribe((message) => {
 *   const { headers } = message as SidecarCallMessage;
 *   headers.traceparent = traceparent();
 * });
 * ```
 */
export interface SidecarCallMessage extends SidecarMessage {
  /** The call. */
  readonly operation: 'register' | 'drain' | 'deregister';
  /** The origin of the agent: `http://127.0.0.1:15010`. */
  readonly url: string;
  /** The path of the Unix socket that replaces TCP, if the option `socketPath` names one. */
  readonly socketPath?: string;
  /**
   * Header fields of this call alone; empty at first. A subscriber of `start` may add fields, such
   * as `traceparent`. The option `headers` wins. The module ignores fields that it sets itself,
   * such as `content-type`, and fields that cannot be sent.
   */
  readonly headers: Record<string, string>;
  /**
   * Makes the call. A subscriber of `start` may replace it with a function that makes the call in
   * an async context of its own, by means of the function that was there before.
   */
  run: <T>(call: () => T) => T;
  /** The answer of the agent, on `asyncStart` and `asyncEnd`; absent if the call failed. */
  readonly result?: SidecarAnswer;
  /** Why the call failed, on `error`, `asyncStart` and `asyncEnd`; absent if it did not. */
  readonly error?: unknown;
}

/**
 * The message of a shutdown, from the moment when the service begins to leave the mesh to the
 * moment when it has left: the same object on each channel of the tracing channel
 * `nestjs-sidecar-agent:shutdown`.
 */
export interface SidecarShutdownMessage extends SidecarMessage {
  /**
   * How long routers took to learn of the drain, in milliseconds, on `asyncEnd`: from the drain to
   * the last call that arrived after it. `null` if no call did, or if callers still called when the
   * wait was over.
   */
  readonly propagation: number | null;
  /** The errors so far, oldest first: those of `SidecarAgent.shutdownErrors`. */
  readonly errors: readonly SidecarAgentError[];
}
