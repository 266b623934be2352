import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** A service binds either family of loopback, so both are tried. */
const HOSTS = ['127.0.0.1', '::1'] as const;
/** How long a connection that did its work waits for the other end to close. */
const FAREWELL_TIMEOUT = 1_000;

/** Tries to connect to a port of this host until that succeeds once. */
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
      leave(socket);
      this.#onOpen();
    });
    socket.on('error', () => {
      if (!this.#done) this.#attempt(index + 1);
    });
  }
}

/** A connection to a free port can be given that very port as its own, and then meets itself. */
function isConnectedToItself(socket: Socket): boolean {
  return socket.localPort === socket.remotePort && socket.localAddress === socket.remoteAddress;
}

/**
 * Closes politely: a plain destroy would reset the connection where the service has already greeted, and a server
 * without an error listener on its sockets dies of that.
 */
function leave(socket: Socket): void {
  socket.setTimeout(FAREWELL_TIMEOUT, () => socket.destroy());
  socket.resume().end();
}
