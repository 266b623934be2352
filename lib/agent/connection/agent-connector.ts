import { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { messageOf } from '../../support/text/describe-thrown.js';
import { isObject } from '../../support/shape.js';
import type { AgentEndpoint, TlsOptions } from './agent-endpoint.js';
import { connectionOptions, namesFiles, readTlsFiles } from './agent-tls.js';
import { dropInterimAnswers } from './interim-answers.js';
import { setupError } from './setup-error.js';

type Connect = buildConnector.connector;

/** How a connection failed. */
export interface ConnectionFailure {
  /**
   * The first error of the socket. undici reports a later one, which may be a mere consequence of
   * it.
   */
  readonly first: Error;
  /** Whether the agent had answered an earlier request on the connection. */
  readonly isReused: boolean;
}

/** A connection that is not open yet. */
interface Pending {
  /** Ends it, unless it has ended. */
  readonly end: buildConnector.Callback;
  ended: boolean;
  /** Absent while the files of its TLS options are read. */
  socket?: Socket;
}

/**
 * Opens connections to the agent for undici, and keeps the sockets that are still connecting.
 * undici can stop waiting for such a socket, but cannot close it: the socket would stay until the
 * connect timeout of the system.
 */
export class AgentConnector {
  readonly #build: (tls: TlsOptions | undefined) => Connect;
  /** Returns undici's connector; a promise if files are read for it. */
  readonly #connector: () => Connect | Promise<Connect>;
  readonly #pending = new Set<Pending>();
  readonly #failures = new WeakMap<object, ConnectionFailure>();
  #last?: ConnectionFailure;

  /**
   * @param build undici's `buildConnector`, passed in since undici is loaded late
   * @param timeout the most milliseconds of one attempt; 0 for no limit
   */
  constructor(build: typeof buildConnector, { tls, socketPath, kind }: AgentEndpoint, timeout = 0) {
    this.#build = (values) => build({ ...connectionOptions(values), socketPath, timeout, allowH2: false });
    if (namesFiles(tls)) this.#connector = async () => this.#build(await readTlsFiles(tls, kind?.origins));
    else {
      // Kept, since it keeps the TLS sessions.
      const connector = this.#build(tls);
      this.#connector = () => connector;
    }
  }

  /** The failure of the connection that failed last. */
  get lastFailure(): ConnectionFailure | undefined {
    return this.#last;
  }

  /** Returns how the connection failed that an error of undici is about, if it is about one. */
  failureOf(thrown: unknown): ConnectionFailure | undefined {
    return isObject(thrown) ? this.#failures.get(thrown) : undefined;
  }

  /** The `connect` option of undici's dispatchers. */
  readonly connect: Connect = (options, callback) => {
    const end: buildConnector.Callback = (...result) => {
      if (pending.ended) return;
      pending.ended = true;
      this.#pending.delete(pending);
      callback(...result);
    };
    const pending: Pending = { end, ended: false };
    this.#pending.add(pending);
    const connector = this.#connector();
    if (typeof connector === 'function') return this.#open(pending, connector, options);
    connector.then(
      (connect) => this.#open(pending, connect, options),
      (thrown: Error) => this.#fail(pending, thrown),
    );
  };

  /** Closes every socket that is still connecting. */
  destroyPending(reason: Error): void {
    for (const { socket, end } of this.#pending) {
      if (socket) socket.destroy(reason);
      else end(reason, null);
    }
    this.#pending.clear();
  }

  #open(pending: Pending, connect: Connect, options: buildConnector.Options): void {
    if (pending.ended) return;
    let socket: unknown;
    try {
      // undici's connector returns the socket, although its type says void.
      socket = connect(options, pending.end);
    } catch (thrown) {
      const message = `tls: cannot be used: ${messageOf(thrown)}`;
      return this.#fail(pending, setupError('ERR_TLS_OPTIONS', message, thrown));
    }
    if (!(socket instanceof Socket)) return;
    neverHoldProcess(socket);
    const answers = dropInterimAnswers(socket);
    pending.socket = socket;
    let failure: ConnectionFailure | undefined;
    socket.on('error', (error) => {
      failure ??= { first: error, isReused: answers.requests > 1 };
      this.#keep(error, failure);
    });
  }

  #fail({ end }: Pending, error: Error): void {
    this.#keep(error, { first: error, isReused: false });
    end(error, null);
  }

  #keep(error: Error, failure: ConnectionFailure): void {
    this.#failures.set(error, failure);
    this.#last = failure;
  }
}

/** A connection to the agent is no reason for a process to live on; a shutdown has its own. */
function neverHoldProcess(socket: Socket): void {
  // Node connects to each address of a name by a new handle. undici refs a socket for each request.
  socket.unref().once('connect', () => socket.unref());
  socket.ref = () => socket;
}
