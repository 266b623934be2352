import { connect } from 'node:net';
import { reasonOf } from './agent.http.js';

/** No connection to the address is possible. */
export class UnreachableError extends Error {}

const PORTS = { 'http:': 80, 'https:': 443 } as Readonly<Record<string, number>>;

/**
 * Checks that something listens at the address. Without it every check would fail the same way.
 *
 * @throws {UnreachableError} with the address, the reason and what to do
 */
export function requireListener(url: URL, timeout: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(url.port) || (PORTS[url.protocol] ?? 0),
    });
    const settle = (reason?: string) => {
      clearTimeout(timer);
      socket.destroy();
      if (reason === undefined) return resolve();
      const advice = 'Is it running there? Agents listen on port 15010 or 18600; set the address with --url';
      reject(new UnreachableError(`cannot reach a sidecar-agent at ${url.origin} (${reason}). ${advice}`));
    };
    const timer = setTimeout(() => settle(`no connection within ${timeout} ms`), timeout);
    socket.once('connect', () => settle());
    socket.on('error', (error) => settle(reasonOf(error)));
  });
}
