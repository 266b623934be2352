import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Returns the path of a file in test/grpc/protos. */
export function proto(name: string): string {
  return fileURLToPath(new URL(`../protos/${name}.proto`, import.meta.url));
}

/**
 * Returns a host and port that nothing listens on. The port is below the range from which the
 * system takes the ports of outgoing connections, so that no client gets it before the server.
 */
export async function freeUrl(): Promise<string> {
  const port = randomInt(10_000, 32_000);
  const isFree = await new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
  return isFree ? `127.0.0.1:${port}` : freeUrl();
}
