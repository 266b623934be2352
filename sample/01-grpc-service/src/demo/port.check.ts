import { once } from 'node:events';
import { createServer } from 'node:net';
import { DemoError, messageOf } from './demo.error.js';

/**
 * Checks the port before the service starts, because the service would fail with a stack trace.
 *
 * @throws {DemoError} if it is not possible to listen on the port
 */
export async function requireFreePort(port: number, variable: string): Promise<void> {
  const server = createServer().listen({ host: '127.0.0.1', port, exclusive: true });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw unusablePort(port, variable, error);
  }
  server.close();
  await once(server, 'close');
}

/** Builds the error for a port on which it is not possible to listen. */
export function unusablePort(port: number, variable: string, error: unknown): DemoError {
  const reason = isTaken(error) ? 'the port is taken' : messageOf(error);
  const other = port < 65_535 ? port + 1 : port - 1;
  return new DemoError(
    `Cannot listen on port ${port}: ${reason}. Stop the process that listens there, or choose another port: ` +
      `${variable}=${other} npm start`,
  );
}

function isTaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code: unknown = Reflect.get(error, 'code');
  const kind: unknown = Reflect.get(error, 'kind');
  return code === 'EADDRINUSE' || kind === 'port_in_use';
}
