import type { Logger } from '@nestjs/common';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { type GrpcInventory, inspectGrpcServer } from '../grpc/grpc-inventory.js';
import { configuredUrl, type GrpcServer } from '../grpc/grpc-server.js';
import { portOfUrl } from '../options/port-of-url.js';
import type { ResolvedOptions } from '../options/resolved-options.js';
import type { SidecarClock } from '../timing/sidecar-clock.js';
import { buildServiceNode } from '../node/build-service-node.js';
import type { ServiceNode } from '../node/service-node.js';

/** Builds the node of what this process serves. */
export class ServiceNodeFactory {
  readonly #options: Pick<ResolvedOptions, 'identity' | 'methods' | 'grpc'>;
  readonly #clock: SidecarClock;
  readonly #logger: Logger;

  constructor(
    options: Pick<ResolvedOptions, 'identity' | 'methods' | 'grpc'>,
    clock: SidecarClock,
    logger: Logger,
  ) {
    this.#options = options;
    this.#clock = clock;
    this.#logger = logger;
  }

  /**
   * @param servers the application's gRPC servers, with their handlers
   * @throws {SidecarAgentError} where the methods cannot be read, or there are none
   */
  async create(servers: readonly GrpcServer[]): Promise<ServiceNode> {
    const { identity, methods } = this.#options;
    this.#warnOfPort(servers);
    const announced = methods ?? (await this.#reflect(servers));
    return buildServiceNode(identity, announced, [], new Date(this.#clock.now()));
  }

  async #reflect(servers: readonly GrpcServer[]): Promise<readonly string[]> {
    const { grpc } = this.#options;
    if (!grpc || servers.length === 0) {
      throw new SidecarAgentError(
        'runtime_error',
        'there is no gRPC server to read the methods of: create one with transport Transport.GRPC, or give the option methods',
      );
    }
    const inventories = await Promise.all(servers.map((server) => inspectGrpcServer(server, grpc)));
    const methods = inventories.flatMap((inventory) => inventory.methods);
    this.#warn(inventories, new Set(methods));
    if (methods.length === 0) {
      throw new SidecarAgentError(
        'runtime_error',
        `no rpc of the packages in the option grpc.package (${String(grpc.package)}) has a handler: list the controllers with @GrpcMethod in a module, or give the option methods`,
      );
    }
    return methods;
  }

  /** It may be right, where something forwards the port; more often it is a slip that keeps every caller away. */
  #warnOfPort(servers: readonly GrpcServer[]): void {
    const { serverPort } = this.#options.identity;
    const ports = servers
      .map((server) => portOfUrl(configuredUrl(server)))
      .filter((port) => port !== undefined);
    if (ports.length === 0 || ports.includes(serverPort)) return;
    this.#logger.warn(
      `Port ${serverPort} is announced, but the gRPC server listens on ${ports.join(', ')}: give the module the server's own options as grpc, or the right serverPort`,
    );
  }

  #warn(inventories: readonly GrpcInventory[], served: ReadonlySet<string>): void {
    for (const path of new Set(inventories.flatMap((inventory) => inventory.unservedRpcs))) {
      if (served.has(path)) continue;
      this.#logger.warn(
        `No handler serves the rpc ${path}: it is not announced, and callers get UNIMPLEMENTED`,
      );
    }
    const [first, ...others] = inventories.map(({ unmatchedHandlers }) => unmatchedHandlers.map(nameOf));
    // Each server has the handlers of all: a mistake is what no server has an rpc for.
    for (const name of first ?? []) {
      if (!others.every((names) => names.includes(name))) continue;
      this.#logger.warn(`The handler of ${name} serves no rpc of the loaded protos: no call will reach it`);
    }
  }
}

function nameOf({ service, rpc, streaming }: GrpcInventory['unmatchedHandlers'][number]): string {
  return `${service}.${rpc} (${streaming})`;
}
