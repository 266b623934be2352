import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

import { EmbeddedAgentError } from '../embedded-agent.error.js';
import { isSocket } from './unix-socket.js';

const PATH_ADVICE = 'Choose a path in a directory that exists, and in which you may create files.';

/** Builds the error of a port on which the agent cannot listen. */
export function portError(host: string, port: number, cause: NodeJS.ErrnoException): EmbeddedAgentError {
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

/** Builds the error of a Unix socket on which the agent cannot listen. */
export function socketError(path: string, cause: NodeJS.ErrnoException): EmbeddedAgentError {
  const data = { socketPath: path, code: cause.code };
  const where = `Cannot listen on the socket ${path}`;
  // The system may call it "permission denied".
  if (!existsSync(dirname(path))) {
    const message = `${where}: the directory ${dirname(path)} does not exist. ${PATH_ADVICE}`;
    return new EmbeddedAgentError('listen_failed', message, data, cause);
  }
  if (cause.code !== 'EADDRINUSE') {
    return new EmbeddedAgentError('listen_failed', `${where}: ${cause.message}. ${PATH_ADVICE}`, data, cause);
  }
  if (!isSocket(path)) {
    const message = `${where}: the file exists and is not a socket. Choose another path.`;
    return new EmbeddedAgentError('listen_failed', message, data, cause);
  }
  const message = `${where}: another process listens there. Stop it, or choose another path.`;
  return new EmbeddedAgentError('socket_in_use', message, data, cause);
}
