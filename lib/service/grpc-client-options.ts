import type { GrpcOptions, Transport } from '@nestjs/microservices';
import { InvalidOptionsError, type OptionFault } from '../errors/invalid-options.error.js';
import { DEFAULT_SERVICE_PORT, serviceDns, type ServiceName } from './service-dns.js';
import { serviceNameFaults } from './service-name-faults.js';

/** `Transport.GRPC`, without loading @nestjs/microservices for it. */
const GRPC: Transport.GRPC = 4;

/** How a service of the mesh is called: what a Nest gRPC client takes, and the two that are different here. */
export interface MeshClientOptions extends Omit<GrpcOptions['options'], 'url'> {
  /**
   * The logical port of the service, 1 to 65535: its `service.port`, not the one it listens on.
   * @default 9090
   */
  port?: number;
  /**
   * What is dialled, where the host's resolver does not lead the service's name to the local proxy: the proxy's own address, such as
   * `'127.0.0.1:15001'` or `'unix:/run/proxy.sock'`. The calls carry the service's name all the same.
   * @default the service's DNS name and `port`
   */
  url?: string;
}

/** What `ClientsModule` and `@Client()` take. */
export type MeshClient = GrpcOptions & { transport: Transport.GRPC };

/**
 * The options of a Nest client that calls another service of the mesh: it dials the service's DNS name and logical port, which
 * on a host of the mesh lead to the local proxy, and its calls carry both as their authority, by which the proxy finds the
 * instances. Proxy variables of the environment are ignored. `channelOptions` of your own win.
 *
 * @param service the service's name, or more of its DNS name
 * @param options what `ClientsModule` takes under `options`
 * @throws {InvalidOptionsError} where the name or the port is none
 *
 * @example
 * ```ts
 * ClientsModule.register([
 *   { name: 'AUTH', ...grpcClientOptions('auth', { package: 'acme.auth.v1', protoPath: 'proto/auth.proto' }) },
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
        // A mesh's names mean nothing to a proxy that leads out of it.
        'grpc.enable_http_proxy': 0,
        ...channelOptions,
      },
    },
  };
}

function portFaults(port: number): OptionFault[] {
  const isPort = Number.isInteger(port) && port >= 1 && port <= 65_535;
  return isPort ? [] : [{ path: 'port', message: `must be a whole number from 1 to 65535, not ${port}` }];
}
