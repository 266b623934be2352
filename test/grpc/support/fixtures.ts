import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** The path of a fixture of test/grpc/protos. */
export function proto(name: string): string {
  return fileURLToPath(new URL(`../protos/${name}.proto`, import.meta.url));
}

/**
 * A host and port that nothing listens on. Drawn from below the range of which the system takes the ports of outgoing
 * connections, so that no client and no other test run gets it before the server does.
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
