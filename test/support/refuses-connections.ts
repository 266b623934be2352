import { once } from 'node:events';
import { connect as connectTo } from 'node:net';

/** Resolves when nothing listens on a port any more. */
export async function refusesConnections(port: number): Promise<void> {
  for (;;) {
    const socket = connectTo(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
    } catch {
      return;
    } finally {
      socket.destroy();
    }
  }
}
