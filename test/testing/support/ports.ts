import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';

/** Listens on a loopback port, a free one by default. */
export async function listenOn(port = 0, host = '127.0.0.1'): Promise<Server> {
  const server = createServer((socket) => socket.resume());
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Returns a port that no process listened on a moment ago. */
export async function closedPort(): Promise<number> {
  const server = await listenOn();
  const port = portOf(server);
  await close(server);
  return port;
}

export async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
