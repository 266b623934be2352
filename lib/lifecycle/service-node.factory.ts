import { resolve } from 'node:path';
import type { Logger } from '@nestjs/common';
import { GatewayManifestError } from '../errors/gateway-manifest.error.js';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { type GrpcInventory, inspectGrpcServer } from '../grpc/grpc-inventory.js';
import { configuredUrl, type GrpcServer } from '../grpc/grpc-server.js';
import { type GatewayManifest, methodsOf } from '../manifest/gateway-manifest.js';
import { manifestMismatch } from '../manifest/manifest-mismatch.js';
import { portOfUrl } from '../options/port-of-url.js';
import type { GatewayManifestSource, ResolvedOptions } from '../options/resolved-options.js';
import type { SidecarClock } from '../timing/sidecar-clock.js';
import { buildServiceNode } from '../node/build-service-node.js';
import type { HttpRoute } from '../node/http-route.js';
import type { ServiceNode } from '../node/service-node.js';
import { annotatedRoutes, listedRoutes } from './announced-routes.js';

type FactoryOptions = Pick<
  ResolvedOptions,
  'identity' | 'methods' | 'grpc' | 'httpRoutes' | 'gatewayManifest'
>;
type Served = Pick<GrpcInventory, 'methods' | 'httpRules'>;

/** Builds the node of what this process serves. */
export class ServiceNodeFactory {
  readonly #options: FactoryOptions;
  readonly #clock: SidecarClock;
  readonly #logger: Logger;

  constructor(options: FactoryOptions, clock: SidecarClock, logger: Logger) {
    this.#options = options;
    this.#clock = clock;
    this.#logger = logger;
  }

  /**
   * @param servers the application's gRPC servers, with their handlers
   * @throws {SidecarAgentError} where the methods cannot be read, or there are none; its subclasses `HttpRoutesError` and
   *   `GatewayManifestError` where the routes or the manifest are at fault
   */
  async create(servers: readonly GrpcServer[]): Promise<ServiceNode> {
    const { identity, methods, gatewayManifest } = this.#options;
    this.#warnOfPort(servers);
    const served = methods ? { methods, httpRules: new Map() } : await this.#reflect(servers);
    const manifest = gatewayManifest && (await this.#readManifest(gatewayManifest, served));
    const announced = manifest ? methodsOf(manifest) : served.methods;
    const routes = manifest?.routes ?? [];
    const httpRoutes = this.#routes({ methods: announced, httpRules: served.httpRules }, routes);
    return buildServiceNode(identity, announced, httpRoutes, new Date(this.#clock.now()));
  }

  #routes({ methods, httpRules }: Served, ofManifest: readonly HttpRoute[]): readonly HttpRoute[] {
    const source = this.#options.httpRoutes;
    switch (source.from) {
      case 'annotations':
        return annotatedRoutes(httpRules, source);
      case 'manifest':
        return ofManifest;
      case 'list':
        return listedRoutes(source.routes, methods);
    }
  }

  async #readManifest({ path, mismatch }: GatewayManifestSource, served: Served): Promise<GatewayManifest> {
    // Not imported above: few services have a manifest.
    const { readGatewayManifest } = await import('../manifest/read-gateway-manifest.js');
    const manifest = await readGatewayManifest(path);
    const faults = manifestMismatch(manifest, served.methods);
    if (faults.length === 0) return manifest;
    const error = new GatewayManifestError(
      resolve(path),
      faults,
      mismatch === 'error'
        ? 'Generate the manifest anew, serve what it declares, or announce it as it is with manifestMismatch: "warn".'
        : 'What the manifest declares is announced (manifestMismatch: "warn").',
    );
    if (mismatch === 'error') throw error;
    this.#logger.warn(error.message);
    return manifest;
  }

  async #reflect(servers: readonly GrpcServer[]): Promise<Served> {
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
    return { methods, httpRules: new Map(inventories.flatMap(({ httpRules }) => [...httpRules])) };
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
