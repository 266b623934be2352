import type { Logger } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { type GrpcInventory, inspectGrpcServer } from '../grpc/grpc-inventory.js';
import { inspectOtherServer } from '../grpc/inspect-other-server.js';
import { servesPackages } from '../grpc/own-grpc-servers.js';
import type { GrpcServer } from '../grpc/grpc-server.js';
import { controllerRoutes, type HttpApplication } from '../http/controller-routes.js';
import type { ResolvedOptions } from '../options/resolved-options.js';
import type { SidecarClock } from '../timing/sidecar-clock.js';
import { buildServiceNode } from '../node/build-service-node.js';
import type { ServiceNode } from '../node/service-node.js';
import { grpcListening, httpListening, type Listening, requirePort } from './server-port.js';

/** What the factory works with. */
export interface ServiceNodeParts {
  readonly options: Pick<ResolvedOptions, 'identity' | 'methods' | 'grpc'>;
  readonly application: HttpApplication;
  readonly http: HttpAdapterHost;
  readonly clock: SidecarClock;
  readonly logger: Logger;
}

/** Builds the node of what this process serves. */
export class ServiceNodeFactory {
  readonly #parts: ServiceNodeParts;

  constructor(parts: ServiceNodeParts) {
    this.#parts = parts;
  }

  /**
   * @param servers the module's gRPC servers, with their handlers
   * @param others the application's other gRPC servers, which have the same handlers
   * @throws {SidecarAgentError} where the methods cannot be read, or there are none, and where the port is not known
   */
  async create(servers: readonly GrpcServer[], others: readonly GrpcServer[] = []): Promise<ServiceNode> {
    const { options, application, http, clock } = this.#parts;
    const { identity } = options;
    const speaksHttp = identity.protocol === 'http';
    const listening = speaksHttp ? httpListening(http.httpAdapter?.getHttpServer()) : grpcListening(servers);
    const serverPort = identity.serverPort ?? requirePort(listening);
    this.#warnOfPort(serverPort, listening);
    const methods = options.methods ?? (await this.#reflect(servers, others));
    const routes = speaksHttp ? await controllerRoutes(application) : [];
    return buildServiceNode({ ...identity, serverPort }, methods, routes, new Date(clock.now()));
  }

  async #reflect(servers: readonly GrpcServer[], others: readonly GrpcServer[]): Promise<readonly string[]> {
    const { grpc } = this.#parts.options;
    if (!grpc || servers.length === 0) {
      throw new SidecarAgentError(
        'runtime_error',
        'there is no gRPC server to read the methods of: create one with transport Transport.GRPC, or give the option methods',
      );
    }
    const inventories = await Promise.all(servers.map((server) => inspectGrpcServer(server, grpc)));
    if (!servers.some((server) => servesPackages(server, grpc))) {
      // The handlers are there, for every server has all: but no call would reach them.
      throw new SidecarAgentError(
        'runtime_error',
        `no gRPC server of the application was made for the packages in the option grpc.package (${String(grpc.package)}): connect it, or give the module the server's own options as grpc`,
      );
    }
    const methods = inventories.flatMap((inventory) => inventory.methods);
    this.#warnOfUnserved(inventories, new Set(methods));
    this.#warnOfUnmatched([...inventories, ...(await Promise.all(others.map(inspectOtherServer)))]);
    if (methods.length === 0) {
      throw new SidecarAgentError(
        'runtime_error',
        `no rpc of the packages in the option grpc.package (${String(grpc.package)}) has a handler: list the controllers with @GrpcMethod in a module, or give the option methods`,
      );
    }
    return methods;
  }

  /** It may be right, where something forwards the port; more often it is a slip that keeps every caller away. */
  #warnOfPort(serverPort: number, { protocol, ports }: Listening): void {
    if (ports.length === 0 || ports.includes(serverPort)) return;
    const remedy =
      protocol === 'HTTP'
        ? 'the right serverPort, or none'
        : "the server's own options as grpc, or the right serverPort";
    this.#parts.logger.warn(
      `Port ${serverPort} is announced, but the ${protocol} server listens on ${ports.join(', ')}: give the module ${remedy}`,
    );
  }

  #warnOfUnserved(inventories: readonly GrpcInventory[], served: ReadonlySet<string>): void {
    for (const path of new Set(inventories.flatMap((inventory) => inventory.unservedRpcs))) {
      if (served.has(path)) continue;
      this.#parts.logger.warn(
        `No handler serves the rpc ${path}: it is not announced, and callers get UNIMPLEMENTED`,
      );
    }
  }

  /** Each server has the handlers of all: a mistake is what no server has an rpc for, as far as that is known of each. */
  #warnOfUnmatched(inventories: readonly (GrpcInventory | undefined)[]): void {
    const [first, ...others] = inventories.map((inventory) => inventory?.unmatchedHandlers.map(nameOf) ?? []);
    for (const name of first ?? []) {
      if (!others.every((names) => names.includes(name))) continue;
      this.#parts.logger.warn(
        `The handler of ${name} serves no rpc of the loaded protos: no call will reach it`,
      );
    }
  }
}

function nameOf({ service, rpc, streaming }: GrpcInventory['unmatchedHandlers'][number]): string {
  return `${service}.${rpc} (${streaming})`;
}
