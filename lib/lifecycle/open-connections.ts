import { hasMethods, isObject } from '../support/shape.js';

interface Connection {
  once(event: 'close', listener: () => void): unknown;
  destroy(): unknown;
}

/** An HTTP/2 session. Its `close` sends GOAWAY and lets open requests finish. */
interface Session extends Connection {
  close(): unknown;
}

/**
 * The open connections of one of Node's HTTP servers (http, https, http2). Node's
 * `closeAllConnections` does not do: it leaves upgraded sockets open, and HTTP/2 does not have it.
 */
export class OpenConnections {
  readonly #sockets = new Set<Connection>();
  readonly #sessions = new Set<Session>();

  /** Follows a server, before it listens. */
  follow(server: unknown): void {
    if (!hasMethods(server, 'on')) return;
    server.on('connection', (socket: Connection) => keep(this.#sockets, socket));
    server.on('session', (session: Session) => keep(this.#sessions, session));
  }

  /** How many connections are open. */
  get count(): number {
    return this.#sockets.size;
  }

  /** Ends each HTTP/2 session after its open requests. Node's `close` waits even for idle ones. */
  endSessions(): void {
    for (const session of this.#sessions) session.close();
  }

  /** Cuts every connection, upgraded ones and event streams included. */
  cut(): void {
    for (const connection of [...this.#sessions, ...this.#sockets]) connection.destroy();
  }
}

function keep<One extends Connection>(all: Set<One>, one: One): void {
  if (!isObject(one)) return;
  all.add(one);
  one.once('close', () => all.delete(one));
}
