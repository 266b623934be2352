import { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import type { AgentEndpoint } from '../options/resolved-options.js';

/**
 * Opens undici's connections to the agent and keeps hold of those that are still being opened: undici can give up waiting
 * for one, but would leave the socket to the system's own connect timeout.
 */
export class AgentConnector {
  readonly #connect: buildConnector.connector;
  readonly #pending = new Set<Socket>();
  #attempts = 0;
  #failure?: Error;

  /** @param build undici's own, passed in since undici is loaded late */
  constructor(build: typeof buildConnector, { tls, socketPath }: AgentEndpoint) {
    this.#connect = build({ ...tls, socketPath, timeout: 0, allowH2: false });
  }

  /** How many connections have been tried so far. */
  get attempts(): number {
    return this.#attempts;
  }

  /** The first error of its sockets: undici tells of the last, which may be no more than what came of it. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** What undici takes as its option `connect`. */
  readonly connect: buildConnector.connector = (options, callback) => {
    this.#attempts += 1;
    let socket: unknown = undefined;
    const settled: buildConnector.Callback = (...result) => {
      if (socket instanceof Socket) this.#pending.delete(socket);
      callback(...result);
    };
    // The types say void; the socket is what undici's connector returns.
    socket = this.#connect(options, settled);
    if (!(socket instanceof Socket)) return;
    this.#pending.add(socket);
    socket.once('error', (error) => (this.#failure ??= error));
  };

  /** Ends every connection that is still being opened. */
  destroyPending(reason: Error): void {
    for (const socket of this.#pending) socket.destroy(reason);
    this.#pending.clear();
  }
}
