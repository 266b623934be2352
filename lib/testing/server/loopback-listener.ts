import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';

import { isObject } from '../../support/shape.js';
import { EmbeddedAgentError } from '../embedded-agent.error.js';

/** An HTTP server that destroys all its connections when it closes. */
export class LoopbackListener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(handle: RequestListener) {
    // Unlike Node.js by default, an agent never ends an idle connection.
    this.#server = createServer({ keepAliveTimeout: 0 }, handle);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /**
   * Starts to listen, and returns the port.
   *
   * @throws {@link EmbeddedAgentError} `port_in_use` or `listen_failed`
   */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.on('error', (error: NodeJS.ErrnoException) => reject(listenError(host, port, error)));
      this.#server.listen({ host, port, exclusive: true }, () => {
        const address = this.#server.address();
        resolve(isObject(address) ? address.port : port);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }
}

function listenError(host: string, port: number, cause: NodeJS.ErrnoException): EmbeddedAgentError {
  const data = { host, port, code: cause.code };
  const where = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  if (cause.code === 'EADDRINUSE') {
    const advice =
      'Stop the process that listens there (a real agent, or another test run?), or leave out the port option to get a free port.';
    return new EmbeddedAgentError(
      'port_in_use',
      `Cannot listen on ${where}: the port is taken. ${advice}`,
      data,
      cause,
    );
  }
  const advice = 'Use host 127.0.0.1 and a port above 1023, or leave out both options.';
  return new EmbeddedAgentError(
    'listen_failed',
    `Cannot listen on ${where}: ${cause.message}. ${advice}`,
    data,
    cause,
  );
}
