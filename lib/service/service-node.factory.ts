import type { Logger } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { buildServiceNode } from './build-service-node.js';
import { servesPackages } from './grpc/own-grpc-servers.js';
import { type GrpcServers, readServedMethods, type ServedMethods } from './grpc/served-methods.js';
import { type GatewayManifest, methodsOf } from './manifest/gateway-manifest.js';
import { readRegisteredManifest } from './manifest/registered-manifest.js';
import { portOfUrl } from './port-of-url.js';
import { controllerRoutes, type HttpApplication } from './routes/controller-routes.js';
import type { HttpRoute } from './routes/http-route.js';
import { routesOfAnnotations, routesOfList } from './routes/registered-routes.js';
import { registeredPort, unixSocketOf } from './registered-port.js';
import { grpcListening, httpListening } from './server-port.js';
import type { ServiceNode } from './service-node.js';
import type { ServiceSource } from './service-source.js';

/** The dependencies of {@link ServiceNodeFactory}. */
export interface ServiceNodeParts {
  readonly source: ServiceSource;
  readonly application: HttpApplication;
  readonly http: HttpAdapterHost;
  readonly clock: SidecarClock;
  readonly logger: Logger;
}

/** Builds the node of the service that this process serves. */
export class ServiceNodeFactory {
  readonly #parts: ServiceNodeParts;

  constructor(parts: ServiceNodeParts) {
    this.#parts = parts;
  }

  /**
   * Builds the node from the options and the servers.
   *
   * @throws {SidecarAgentError} if the methods cannot be read or there are none, or if the port is
   *   not known. Its subclass `HttpRoutesError` reports faults of the routes, and
   *   `GatewayManifestError` faults of the manifest.
   */
  async create(servers: GrpcServers): Promise<ServiceNode> {
    const { source, clock, logger } = this.#parts;
    const serverPort = this.#serverPort(servers);
    const served = source.methods
      ? { methods: source.methods, httpRules: new Map<string, unknown>(), all: source.methods }
      : await readServedMethods(source.grpc, servers, {
          isManifested: source.gatewayManifest !== undefined,
          announceInfrastructure: source.announceInfrastructure,
          logger,
        });
    const manifest =
      source.gatewayManifest && (await readRegisteredManifest(source.gatewayManifest, served, logger));
    const methods = manifest ? methodsOf(manifest) : served.methods;
    const routes = await this.#routes({ ...served, methods }, manifest);
    return buildServiceNode({ ...source.identity, serverPort }, methods, routes, new Date(clock.now()));
  }

  async #routes(
    { methods, httpRules }: Pick<ServedMethods, 'methods' | 'httpRules'>,
    manifest: GatewayManifest | undefined,
  ): Promise<readonly HttpRoute[]> {
    const { httpRoutes } = this.#parts.source;
    switch (httpRoutes.from) {
      case 'annotations':
        return routesOfAnnotations(httpRules, httpRoutes);
      case 'manifest':
        return manifest?.routes ?? [];
      case 'controllers':
        return controllerRoutes(this.#parts.application);
      case 'list':
        return routesOfList(httpRoutes.routes, methods);
    }
  }

  #serverPort({ own }: GrpcServers): number {
    const { source, http, logger } = this.#parts;
    const { identity, serverPort: given, grpc } = source;
    if (identity.protocol === 'http') {
      const listening = httpListening(http.httpAdapter?.getHttpServer());
      return registeredPort({ given, listening, isOwn: true }, logger);
    }
    const facts = { given, named: portOfUrl(grpc?.url), listening: grpcListening(own) };
    const isOwn = !grpc || own.some((server) => servesPackages(server, grpc));
    return registeredPort({ ...facts, socket: unixSocketOf(own), isOwn }, logger);
  }
}
