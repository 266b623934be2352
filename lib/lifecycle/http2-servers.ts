import { grpcJsServerOf } from '../service/grpc/grpc-server.js';
import { propertyOf } from '../support/shape.js';

/**
 * Returns Node's HTTP/2 servers below Nest's gRPC server. grpc-js keeps them in a private field, so
 * the list is empty for a version that keeps them elsewhere.
 */
export function http2ServersOf(server: object): readonly unknown[] {
  const servers = propertyOf(grpcJsServerOf(server), 'http2Servers');
  return servers instanceof Map ? [...servers.keys()] : [];
}
