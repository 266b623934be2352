import { propertyOf } from '../../support/shape.js';
import { grpcJsServerOf } from './grpc-server.js';

/**
 * Returns the port that a Nest gRPC server is bound to, or `undefined` if it is not bound, if it is
 * bound to a Unix socket or to several ports, or if this version of grpc-js keeps it elsewhere.
 *
 * If the address of the server says port 0, only grpc-js knows the port, and has no public method
 * for it. So this reads `boundPorts`, a private field of the grpc-js server.
 */
export function boundGrpcPort(server: object): number | undefined {
  try {
    const bindings = propertyOf(grpcJsServerOf(server), 'boundPorts');
    if (!(bindings instanceof Map)) return undefined;
    const ports = new Set(
      [...bindings]
        // grpc-js keeps port 1 for a Unix socket.
        .filter(([address]) => !String(address).startsWith('unix:'))
        .map(([, binding]) => propertyOf(binding, 'portNumber'))
        .filter(isPort),
    );
    return ports.size === 1 ? [...ports][0] : undefined;
  } catch {
    return undefined;
  }
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535;
}
