import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** A service may listen on either family of loopback addresses. */
const HOSTS = ['127.0.0.1', '::1'] as const;
/** Milliseconds that a connection which succeeded waits for the service to close it. */
const CLOSE_TIMEOUT = 1_000;

/** Tries to connect to a port on this host until one attempt succeeds. */
export class PortProbe {
  readonly #port: number;
  readonly #interval: number;
  readonly #onOpen: () => void;
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #done = false;

  /** @param interval milliseconds between two attempts */
  constructor(port: number, interval: number, onOpen: () => void) {
    this.#port = port;
    this.#interval = interval;
    this.#onOpen = onOpen;
  }

  start(): void {
    this.#attempt(0);
  }

  stop(): void {
    this.#done = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
  }

  #attempt(index: number): void {
    const host = HOSTS[index];
    if (host === undefined) {
      this.#timer = setTimeout(() => this.#attempt(0), this.#interval).unref();
      return;
    }
    const socket = connect({ host, port: this.#port });
    this.#socket = socket.unref();
    socket.once('connect', () => {
      if (isConnectedToItself(socket)) {
        socket.destroy();
        this.#attempt(index + 1);
        return;
      }
      this.#done = true;
      this.#socket = undefined;
      closeGently(socket);
      this.#onOpen();
    });
    socket.on('error', () => {
      if (!this.#done) this.#attempt(index + 1);
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
