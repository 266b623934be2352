import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Draft } from './wire-bodies.js';

/** A temporary service with a unique name and a port that accepts connections. */
export class ThrowawayService {
  readonly draft: Draft;
  readonly #server: Server;
  readonly #sockets: ReadonlySet<Socket>;

  private constructor(draft: Draft, server: Server, sockets: ReadonlySet<Socket>) {
    this.draft = draft;
    this.#server = server;
    this.#sockets = sockets;
  }

  /** Listens before it is registered, because agents probe the port. */
  static async listen(): Promise<ThrowawayService> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      // A probe may reset its connection.
      socket.on('error', () => {}).resume();
    });
    server.listen({ host: '127.0.0.1', port: 0, exclusive: true });
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port to listen on');
    return new ThrowawayService(newDraft(address.port), server, sockets);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

function newDraft(port: number): Draft {
  const random = randomBytes(4).toString('hex');
  const name = `interop-${random}`;
  return {
    appId: 'interop',
    instanceId: randomUUID(),
    name,
    port,
    dns: `${name}.default.svc.cluster.local`,
    weight: 100,
    // A unique package too, because agents route by method.
    methods: [`/interop.r${random}.v1.EchoService/Ping`],
    runDate: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
  };
}
