import { errorMonitor } from 'node:events';
import { hasMethods } from '../support/shape.js';

/** The methods of Nest's HTTP adapter that are used. */
interface ListeningAdapter {
  listen: (...args: unknown[]) => unknown;
  getHttpServer(): unknown;
}

/**
 * Observes the attempts of an application to open its HTTP port: `listen` throws if the port is not
 * valid, and the server emits an error if it is taken.
 *
 * @param failed is also called for errors of a server that listens
 */
export function observeListenFailures(adapter: unknown, failed: (failure: unknown) => void): void {
  if (!isAdapter(adapter)) return;
  const listen = adapter.listen.bind(adapter);
  adapter.listen = (...args) => {
    try {
      return listen(...args);
    } catch (thrown) {
      failed(thrown);
      throw thrown;
    }
  };
  const server = adapter.getHttpServer();
  // Unlike a listener of `error`, this one does not count as handling it.
  if (hasMethods(server, 'on')) server.on(errorMonitor, failed);
}

function isAdapter(adapter: unknown): adapter is ListeningAdapter {
  return hasMethods(adapter, 'listen', 'getHttpServer');
}
