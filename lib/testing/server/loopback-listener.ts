import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { ListenOptions, Socket } from 'node:net';

import { isObject } from '../../support/shape.js';
import { portError, socketError } from './listen-errors.js';
import { limitToOwner, removeStaleSocket } from './unix-socket.js';

/** Where an agent listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** The path of a Unix socket, as well as the port. */
  readonly socketPath?: string;
}

/** HTTP servers on a port and a Unix socket that destroy all their connections when they close. */
export class LoopbackListener {
  readonly #handle: RequestListener;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  constructor(handle: RequestListener) {
    this.#handle = handle;
  }

  /**
   * Starts to listen, and returns the port.
   *
   * @throws {@link EmbeddedAgentError} `port_in_use`, `socket_in_use` or `listen_failed`
   */
  async listen({ host, port, socketPath }: ListenAddress): Promise<number> {
    const onPort = await this.#open({ host, port, exclusive: true }).catch((cause: NodeJS.ErrnoException) => {
      throw portError(host, port, cause);
    });
    if (socketPath !== undefined) await this.#listenOnSocket(socketPath);
    const address = onPort.address();
    return isObject(address) ? address.port : port;
  }

  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  async #listenOnSocket(path: string): Promise<void> {
    try {
      await removeStaleSocket(path);
      await this.#open({ path, exclusive: true });
      limitToOwner(path);
    } catch (cause) {
      await this.close();
      throw socketError(path, cause as NodeJS.ErrnoException);
    }
  }

  #open(where: ListenOptions): Promise<Server> {
    // Unlike Node.js by default, an agent never ends an idle connection.
    const server = createServer({ keepAliveTimeout: 0 }, this.#handle);
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    return new Promise((resolve, reject) => {
      server.on('error', reject);
      server.listen(where, () => {
        this.#servers.push(server);
        resolve(server);
      });
    });
  }
}
