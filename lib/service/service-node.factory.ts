import type { Logger } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import type { HttpApplication } from './routes/controller-routes.js';
import { type GatewayManifest, methodsOf } from './manifest/gateway-manifest.js';
import { buildServiceNode } from './build-service-node.js';
import type { HttpRoute } from './routes/http-route.js';
import type { ServiceNode } from './service-node.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { registeredManifest } from './manifest/registered-manifest.js';
import { annotatedRoutes, listedRoutes } from './routes/registered-routes.js';
import type { ServiceSource } from './service-source.js';
import { type GrpcServers, reflectMethods, type ServedMethods } from './served-methods.js';
import { grpcListening, httpListening, type Listening, requirePort } from './server-port.js';

/** What the factory works with. */
export interface ServiceNodeParts {
  readonly source: ServiceSource;
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
   * @throws {SidecarAgentError} where the methods cannot be read, or there are none, and where the port is not known; its
   *   subclasses `HttpRoutesError` and `GatewayManifestError` where the routes or the manifest are at fault
   */
  async create(servers: GrpcServers): Promise<ServiceNode> {
    const { source, clock, logger } = this.#parts;
    const serverPort = this.#serverPort(servers);
    const served = source.methods
      ? { methods: source.methods, httpRules: new Map<string, unknown>() }
      : await reflectMethods(source.grpc, servers, {
          isManifested: source.gatewayManifest !== undefined,
          logger,
        });
    const manifest =
      source.gatewayManifest && (await registeredManifest(source.gatewayManifest, served.methods, logger));
    const methods = manifest ? methodsOf(manifest) : served.methods;
    const routes = await this.#routes({ ...served, methods }, manifest);
    return buildServiceNode({ ...source.identity, serverPort }, methods, routes, new Date(clock.now()));
  }

  async #routes(
    { methods, httpRules }: ServedMethods,
    manifest: GatewayManifest | undefined,
  ): Promise<readonly HttpRoute[]> {
    const { httpRoutes } = this.#parts.source;
    switch (httpRoutes.from) {
      case 'annotations':
        return annotatedRoutes(httpRules, httpRoutes);
      case 'manifest':
        return manifest?.routes ?? [];
      case 'controllers': {
        // Not imported above: services of gRPC need none of it.
        const { controllerRoutes } = await import('./routes/controller-routes.js');
        return controllerRoutes(this.#parts.application);
      }
      case 'list':
        return listedRoutes(httpRoutes.routes, methods);
    }
  }

  #serverPort({ own }: GrpcServers): number {
    const { source, http, logger } = this.#parts;
    const { protocol, serverPort } = source.identity;
    const listening =
      protocol === 'http' ? httpListening(http.httpAdapter?.getHttpServer()) : grpcListening(own);
    const announced = serverPort ?? requirePort(listening);
    warnOfPort(announced, listening, logger);
    return announced;
  }
}

/** It may be right, where something forwards the port; more often it is a slip that keeps every caller away. */
function warnOfPort(serverPort: number, { protocol, ports }: Listening, logger: Logger): void {
  if (ports.length === 0 || ports.includes(serverPort)) return;
  const remedy =
    protocol === 'HTTP'
      ? 'the right serverPort, or none'
      : "the server's own options as grpc, or the right serverPort";
  logger.warn(
    `Port ${serverPort} is announced, but the ${protocol} server listens on ${ports.join(', ')}: give the module ${remedy}`,
  );
}
