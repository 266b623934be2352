import { InvalidOptionsError } from '../errors/invalid-options.error.js';
import { boundGrpcPort } from './grpc/bound-grpc-port.js';
import { configuredUrl } from './grpc/grpc-server.js';
import { portOfUrl } from './port-of-url.js';

/** The servers of the module, and where they listen as far as it can be told. */
export interface Listening {
  readonly protocol: 'gRPC' | 'HTTP';
  /** How many there are. */
  readonly servers: number;
  readonly ports: readonly number[];
}

/** Where gRPC servers listen: the port they were bound to, else the one they were told. */
export function grpcListening(servers: readonly object[]): Listening {
  const ports = servers.map((server) => boundGrpcPort(server) ?? portOfUrl(configuredUrl(server)));
  return {
    protocol: 'gRPC',
    servers: servers.length,
    ports: ports.filter((port) => port !== undefined),
  };
}

/** Where Nest's HTTP server listens. It is whatever the HTTP adapter has, hence looked at with care. */
export function httpListening(server: unknown): Listening {
  const address: unknown = isAddressed(server) ? server.address() : undefined;
  const port: unknown =
    typeof address === 'object' && address !== null ? Reflect.get(address, 'port') : undefined;
  return { protocol: 'HTTP', servers: 1, ports: typeof port === 'number' && port > 0 ? [port] : [] };
}

/**
 * The port to announce where the options name none.
 *
 * @throws {InvalidOptionsError} where it cannot be known
 */
export function requirePort({ protocol, servers, ports }: Listening): number {
  const [port] = ports;
  if (port !== undefined && servers === 1) return port;
  throw new InvalidOptionsError([
    { path: 'serverPort', message: `is required: ${unknownPort(protocol, servers)}` },
  ]);
}

function unknownPort(protocol: Listening['protocol'], servers: number): string {
  if (servers === 0) return 'there is no gRPC server of Nest’s to learn the port from';
  if (servers > 1) {
    return `there are ${servers} gRPC servers, and the option grpc is of none of them alone: give the module the very options of its server, or serverPort`;
  }
  return protocol === 'HTTP'
    ? 'the HTTP server has no port, as with a Unix socket, or does not listen yet'
    : 'the gRPC server does not tell which port it was bound to: give its url a port, or serverPort';
}

function isAddressed(server: unknown): server is { address(): unknown } {
  return (
    typeof server === 'object' && server !== null && typeof Reflect.get(server, 'address') === 'function'
  );
}
