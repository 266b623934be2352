import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * Passes bytes on between us and an agent, until it is cut: then both ends believe in a connection
 * that leads nowhere.
 */
export class Relay {
  readonly #server;
  readonly #sockets = new Set<Socket>();
  #cut = false;

  /** @param port the agent's */
  constructor(port: number) {
    this.#server = createServer({ allowHalfOpen: true }, (near) => {
      const far = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      this.#join(near, far);
      this.#join(far, near);
    });
  }

  get url(): string {
    const address = this.#server.address();
    if (!address || typeof address === 'string') throw new Error('the relay has no port');
    return `http://127.0.0.1:${address.port}`;
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  /** From here on nothing gets through: no byte, no end, no reset. */
  cut(): void {
    this.#cut = true;
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from
      .on('data', (bytes) => this.#cut || to.write(bytes))
      .on('end', () => this.#cut || to.end())
      .on('close', () => this.#cut || to.destroy())
      .on('error', () => {});
  }
}
