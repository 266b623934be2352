import type { Logger } from '@nestjs/common';
import { configuredUrl } from './grpc/grpc-server.js';
import { type Listening, requirePort } from './server-port.js';

/** What the options say of the port, and what the servers do. */
export interface PortFacts {
  /** The option `serverPort`. */
  readonly given?: number;
  /** The port in the option `grpc.url`. */
  readonly named?: number;
  readonly listening: Listening;
  /** The address of the gRPC server, if it is a Unix socket. */
  readonly socket?: string;
  /** Whether the server is surely the one that the option `grpc` means. */
  readonly isOwn: boolean;
}

/**
 * Returns the port to register: `serverPort` if it is given, else the port that the server listens
 * on, else the one that `grpc.url` names. Warns if they differ.
 *
 * @throws {InvalidOptionsError} if the port is not known
 */
export function registeredPort(facts: PortFacts, logger: Pick<Logger, 'warn'>): number {
  const { given, named, listening, socket, isOwn } = facts;
  if (given !== undefined) return warnOfOther(given, 'correct serverPort, or leave it out', facts, logger);
  const [bound] = listening.servers === 1 && isOwn ? listening.ports : [];
  if (bound !== undefined) {
    if (named !== undefined && named !== bound) {
      logger.warn(
        `The option grpc.url names port ${named}, but the gRPC server listens on ${bound}: registering port ` +
          `${bound}. Pass the server's own options as grpc`,
      );
    }
    return bound;
  }
  if (named === undefined || (socket !== undefined && isOwn)) return requirePort(listening, socket);
  return warnOfOther(named, "pass the server's own options as grpc, or set serverPort", facts, logger);
}

/** Returns the address of a gRPC server that listens on a Unix socket, if it is the only one. */
export function unixSocketOf(servers: readonly object[]): string | undefined {
  const [url, ...others] = servers.map(configuredUrl);
  return others.length === 0 && typeof url === 'string' && url.startsWith('unix:') ? url : undefined;
}

/** Warns only: another port is right if something forwards it, but usually no call would arrive. */
function warnOfOther(
  registered: number,
  remedy: string,
  { listening: { protocol, ports }, socket }: PortFacts,
  logger: Pick<Logger, 'warn'>,
): number {
  if (socket !== undefined) {
    logger.warn(
      `Registering port ${registered}, but the gRPC server listens on a Unix socket (${socket}): calls arrive ` +
        'only if something forwards the port to it',
    );
  } else if (ports.length > 0 && !ports.includes(registered)) {
    logger.warn(
      `Registering port ${registered}, but the ${protocol} server listens on ${ports.join(', ')}: ${remedy}`,
    );
  }
  return registered;
}
