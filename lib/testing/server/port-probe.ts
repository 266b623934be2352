import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** A service may listen on either family of loopback addresses. */
const HOSTS = ['127.0.0.1', '::1'] as const;
/** Milliseconds that a connection which succeeded waits for the service to close it. */
const CLOSE_TIMEOUT = 1_000;

/** Tries to connect to a port on this host, each time that it is told to. */
export class PortProbe {
  readonly #port: number;
  readonly #onOpen: () => void;
  readonly #onClosed: () => void;
  #socket: Socket | undefined;
  #done = false;

  /**
   * @param onOpen called once, when the port has accepted a connection
   * @param onClosed called after each attempt that found nobody who accepts one
   */
  constructor(port: number, onOpen: () => void, onClosed: () => void = () => {}) {
    this.#port = port;
    this.#onOpen = onOpen;
    this.#onClosed = onClosed;
  }

  /** Starts an attempt, unless one is under way. */
  attempt(): void {
    if (this.#socket === undefined) this.#connect(0);
  }

  stop(): void {
    this.#done = true;
    this.#socket?.destroy();
  }

  #connect(index: number): void {
    const host = HOSTS[index];
    this.#socket = undefined;
    if (this.#done) return;
    if (host === undefined) return this.#onClosed();
    const socket = connect({ host, port: this.#port });
    this.#socket = socket.unref();
    socket.once('connect', () => {
      if (isConnectedToItself(socket)) {
        socket.destroy();
        this.#connect(index + 1);
        return;
      }
      this.#done = true;
      this.#socket = undefined;
      closeGently(socket);
      this.#onOpen();
    });
    socket.on('error', () => {
      if (this.#socket === socket) this.#connect(index + 1);
    });
  }
}

/** The system may give a connection to a free port that same port as its own end. */
function isConnectedToItself(socket: Socket): boolean {
  return socket.localPort === socket.remotePort && socket.localAddress === socket.remoteAddress;
}

/**
 * Closes the connection without a reset. A destroy would reset it if the service had already sent
 * data, and a server without an error listener on its sockets would crash.
 */
function closeGently(socket: Socket): void {
  socket.setTimeout(CLOSE_TIMEOUT, () => socket.destroy());
  socket.resume().end();
}
