import { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import type { AgentEndpoint } from './agent-endpoint.js';
import { dropInterimAnswers } from './interim-answers.js';

/**
 * Opens connections to the agent for undici, and keeps the sockets that are still connecting.
 * undici can stop waiting for such a socket, but cannot close it: the socket would stay until the
 * connect timeout of the system.
 */
export class AgentConnector {
  readonly #connect: buildConnector.connector;
  readonly #pending = new Set<Socket>();
  #attempts = 0;
  #failure?: { readonly attempt: number; readonly error: Error };

  /**
   * @param build undici's `buildConnector`, passed in since undici is loaded late
   * @param timeout the most milliseconds of one attempt; 0 for no limit
   */
  constructor(build: typeof buildConnector, { tls, socketPath }: AgentEndpoint, timeout = 0) {
    this.#connect = build({ ...tls, socketPath, timeout, allowH2: false });
  }

  /** Returns the number of connections tried so far. */
  get attempts(): number {
    return this.#attempts;
  }

  /**
   * Returns the first error of the socket that failed last, or `undefined` if that was one of the
   * first `attempts` sockets. undici reports a later error of the socket, which may be a mere
   * consequence of the first.
   */
  failureAfter(attempts: number): Error | undefined {
    return this.#failure && this.#failure.attempt > attempts ? this.#failure.error : undefined;
  }

  /** The `connect` option of undici's dispatchers. */
  readonly connect: buildConnector.connector = (options, callback) => {
    const attempt = (this.#attempts += 1);
    let socket: unknown = undefined;
    const settled: buildConnector.Callback = (...result) => {
      if (socket instanceof Socket) this.#pending.delete(socket);
      callback(...result);
    };
    // undici's connector returns the socket, although its type says void.
    socket = this.#connect(options, settled);
    if (!(socket instanceof Socket)) return;
    dropInterimAnswers(socket);
    this.#pending.add(socket);
    socket.once('error', (error) => {
      this.#failure = { attempt, error };
    });
  };

  /** Closes every socket that is still connecting. */
  destroyPending(reason: Error): void {
    for (const socket of this.#pending) socket.destroy(reason);
    this.#pending.clear();
  }
}
