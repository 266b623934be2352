import type { GrpcOptions, Transport } from '@nestjs/microservices';
import { InvalidOptionsError, type OptionFault } from '../errors/invalid-options.error.js';
import { DEFAULT_SERVICE_PORT, serviceDns, type ServiceName } from './service-dns.js';
import { serviceNameFaults } from './service-name-faults.js';

/** The value of `Transport.GRPC`, so that this file does not load @nestjs/microservices. */
const GRPC: Transport.GRPC = 4;

/** The options of a Nest gRPC client. Only `port` and `url` differ from Nest's. */
export interface MeshClientOptions extends Omit<GrpcOptions['options'], 'url'> {
  /**
   * The logical port of the service, 1 to 65535: its `service.port`, not the port it listens on.
   *
   * @default 9090
   */
  port?: number;
  /**
   * The address to dial, if the resolver of the host does not resolve the DNS name to the local
   * proxy: the address of the proxy itself, such as `'127.0.0.1:15001'` or
   * `'unix:/run/proxy.sock'`. The calls carry the DNS name of the service in any case.
   *
   * @default the DNS name of the service and `port`
   */
  url?: string;
}

/** The options that `ClientsModule` and `@Client()` accept. */
export type MeshClient = GrpcOptions & { transport: Transport.GRPC };

/**
 * Returns the options of a Nest client that calls another service of the mesh. The client dials the
 * DNS name and the logical port of the service, which resolve to the local proxy on a host of the
 * mesh. Its calls carry both as their authority, from which the proxy finds the instances.
 *
 * The client ignores the proxy variables of the environment (`grpc.enable_http_proxy: 0`). Your own
 * `channelOptions` override both settings.
 *
 * @param service the name of the service, or the parts of its DNS name
 * @param options the `options` object of the client, as for `ClientsModule`
 * @throws {InvalidOptionsError} if the name or the port is not valid
 *
 * @example
 * ```ts
 * ClientsModule.register([
 *   {
 *     name: 'AUTH',
 *     ...grpcClientOptions('auth', { package: 'acme.auth.v1', protoPath: 'proto/auth.proto' }),
 *   },
 * ])
 * ```
 */
export function grpcClientOptions(service: string | ServiceName, options: MeshClientOptions): MeshClient {
  const name = typeof service === 'string' ? { name: service } : service;
  const { port = DEFAULT_SERVICE_PORT, url, channelOptions, ...rest } = options;
  const faults = [...serviceNameFaults(name), ...portFaults(port)];
  if (faults.length > 0) throw new InvalidOptionsError(faults, 'grpcClientOptions');
  const authority = `${serviceDns(name)}:${port}`;
  return {
    transport: GRPC,
    options: {
      ...rest,
      url: url ?? authority,
      channelOptions: {
        'grpc.default_authority': authority,
        // A proxy that leads out of the mesh does not know its names.
        'grpc.enable_http_proxy': 0,
        ...channelOptions,
      },
    },
  };
}

function portFaults(port: number): OptionFault[] {
  const isPort = Number.isInteger(port) && port >= 1 && port <= 65_535;
  return isPort ? [] : [{ path: 'port', message: `must be a whole number from 1 to 65535, got ${port}` }];
}
