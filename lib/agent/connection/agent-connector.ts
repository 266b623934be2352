import { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import type { AgentEndpoint } from './agent-endpoint.js';

/**
 * Opens undici's connections to the agent and keeps hold of those that are still being opened: undici can give up waiting
 * for one, but would leave the socket to the system's own connect timeout.
 */
export class AgentConnector {
  readonly #connect: buildConnector.connector;
  readonly #pending = new Set<Socket>();
  #attempts = 0;
  #failure?: { readonly attempt: number; readonly error: Error };

  /**
   * @param build undici's own, passed in since undici is loaded late
   * @param timeout milliseconds after which an attempt ends by itself, 0 for none
   */
  constructor(build: typeof buildConnector, { tls, socketPath }: AgentEndpoint, timeout = 0) {
    this.#connect = build({ ...tls, socketPath, timeout, allowH2: false });
  }

  /** How many connections have been tried so far. */
  get attempts(): number {
    return this.#attempts;
  }

  /**
   * The first error of the last socket that failed, where that was opened after so many attempts: undici tells of a later
   * one, which may be no more than what came of it.
   */
  failureAfter(attempts: number): Error | undefined {
    return this.#failure && this.#failure.attempt > attempts ? this.#failure.error : undefined;
  }

  /** What undici takes as its option `connect`. */
  readonly connect: buildConnector.connector = (options, callback) => {
    const attempt = (this.#attempts += 1);
    let socket: unknown = undefined;
    const settled: buildConnector.Callback = (...result) => {
      if (socket instanceof Socket) this.#pending.delete(socket);
      callback(...result);
    };
    // The types say void; the socket is what undici's connector returns.
    socket = this.#connect(options, settled);
    if (!(socket instanceof Socket)) return;
    this.#pending.add(socket);
    socket.once('error', (error) => {
      this.#failure = { attempt, error };
    });
  };

  /** Ends every connection that is still being opened. */
  destroyPending(reason: Error): void {
    for (const socket of this.#pending) socket.destroy(reason);
    this.#pending.clear();
  }
}
