import { InvalidOptionsError } from '../errors/invalid-options.error.js';
import { hasMethods, propertyOf } from '../support/shape.js';
import { boundGrpcPort } from './grpc/bound-grpc-port.js';
import { configuredUrl } from './grpc/grpc-server.js';
import { portOfUrl } from './port-of-url.js';

/** The servers of one protocol, and the ports that they listen on. */
export interface Listening {
  readonly protocol: 'gRPC' | 'HTTP';
  /** The number of servers. */
  readonly servers: number;
  /** The known ports. A server whose port is not known adds none. */
  readonly ports: readonly number[];
}

/**
 * Returns where gRPC servers listen: the port that each is bound to, or else the port in its
 * address.
 */
export function grpcListening(servers: readonly object[]): Listening {
  const ports = servers.map((server) => boundGrpcPort(server) ?? portOfUrl(configuredUrl(server)));
  return {
    protocol: 'gRPC',
    servers: servers.length,
    ports: ports.filter((port) => port !== undefined),
  };
}

/** Returns where Nest's HTTP server listens. Its type depends on the HTTP adapter. */
export function httpListening(server: unknown): Listening {
  const port = hasMethods(server, 'address') ? propertyOf(server.address(), 'port') : undefined;
  return { protocol: 'HTTP', servers: 1, ports: typeof port === 'number' && port > 0 ? [port] : [] };
}

/**
 * Returns the port to register if the options do not set `serverPort`.
 *
 * @param socket the address of the gRPC server, if it is a Unix socket
 * @throws {InvalidOptionsError} if the port is not known
 */
export function requirePort({ protocol, servers, ports }: Listening, socket?: string): number {
  const [port] = ports;
  if (port !== undefined && servers === 1) return port;
  throw new InvalidOptionsError([
    { path: 'serverPort', message: `is required: ${describeUnknown(protocol, servers, socket)}` },
  ]);
}

function describeUnknown(protocol: Listening['protocol'], servers: number, socket?: string): string {
  if (socket !== undefined) {
    return `the gRPC server listens on a Unix socket (${socket}), which has no port. Give the port that something forwards to it`;
  }
  if (servers === 0) return 'the application has no gRPC server to read the port from';
  if (servers > 1) {
    return `the application has ${servers} gRPC servers, and the option grpc does not tell which is the module's. Give the module the same grpc options object as its server, or set serverPort`;
  }
  return protocol === 'HTTP'
    ? 'the HTTP server has no port (it listens on a Unix socket, or does not listen yet)'
    : "the module cannot read the port of the gRPC server. Set a port in the server's url, or set serverPort";
}
