import type { Type } from '@nestjs/common';
import { type ApplicationConfig, type ModulesContainer, Reflector } from '@nestjs/core';
import { isObject } from '../../support/shape.js';
import type { ProxyRoute } from './http-route.js';
import { loadNestRouter, type NestRouter, type RoutePathMetadata } from './nest-router.js';
import { pathTemplates } from './path-template.js';
import { requestVerbs } from './request-verbs.js';
import { SIDECAR_IGNORE } from './sidecar-ignore.decorator.js';

/** The parts of a Nest application that determine the paths of its controllers. */
export interface HttpApplication {
  readonly modules: ModulesContainer;
  readonly config: ApplicationConfig;
}

/**
 * Returns the routes of the HTTP controllers as proxy routes: with the global prefix and its
 * exclusions, the prefixes of `RouterModule`, and the version if it is part of the path (URI
 * versioning). They are sorted by method and path, and unique: two versions that a header
 * distinguishes make one route, as do the controllers of two hosts.
 *
 * Nest's own router builds the paths from its own metadata, so they are the paths that it gives to
 * the HTTP adapter. Call this after the application is initialised.
 */
export async function controllerRoutes({ modules, config }: HttpApplication): Promise<ProxyRoute[]> {
  const router = await loadNestRouter(config);
  const routes = [...modules.values()].flatMap((module) => {
    const modulePath = readModulePath(router, module.metatype, modules.applicationId);
    return [...module.controllers.values()].flatMap(({ metatype, instance }) =>
      isClass(metatype) && isObject(instance)
        ? routesOf({ metatype, instance, modulePath }, router, config)
        : [],
    );
  });
  return sortUnique(routes);
}

interface Controller {
  readonly metatype: Type;
  /** For a request-scoped controller, Nest keeps an object that only has the prototype. */
  readonly instance: object;
  readonly modulePath: string | undefined;
}

function routesOf(controller: Controller, router: NestRouter, config: ApplicationConfig): ProxyRoute[] {
  const { metatype, instance, modulePath } = controller;
  const versioningOptions = config.getVersioning();
  const shared: RoutePathMetadata = {
    modulePath,
    globalPrefix: router.addLeadingSlash(config.getGlobalPrefix()),
    versioningOptions,
    controllerVersion:
      versioningOptions && (readVersion(router, metatype) ?? versioningOptions.defaultVersion),
  };
  return router.explorer.scanForPaths(instance).flatMap((route) => {
    if (isIgnored(route.targetCallback, metatype)) return [];
    const paths = readPaths(router, metatype).flatMap((ctrlPath) =>
      route.path.flatMap((methodPath) =>
        router.factory.create(
          { ...shared, ctrlPath, methodPath, methodVersion: route.version },
          route.requestMethod,
        ),
      ),
    );
    return paths
      .flatMap(pathTemplates)
      .flatMap((path) => requestVerbs(route.requestMethod).map((httpMethod) => ({ httpMethod, path })));
  });
}

function isIgnored(handler: Type | ((...args: never[]) => unknown), controller: Type): boolean {
  return new Reflector().getAllAndOverride<boolean>(SIDECAR_IGNORE, [handler, controller]) ?? false;
}

function readModulePath({ keys }: NestRouter, module: object, applicationId: string): string | undefined {
  // RouterModule appends the id of the application to the key, since several may share a module.
  return [keys.modulePath + applicationId, keys.modulePath]
    .map((key) => Reflect.getMetadata(key, module) as string | undefined)
    .find((path) => path !== undefined);
}

function readPaths({ keys, addLeadingSlash }: NestRouter, controller: object): string[] {
  return [Reflect.getMetadata(keys.path, controller) as string | string[]].flat().map(addLeadingSlash);
}

function readVersion({ keys }: NestRouter, controller: object): RoutePathMetadata['controllerVersion'] {
  return Reflect.getMetadata(keys.version, controller) as RoutePathMetadata['controllerVersion'];
}

function isClass(value: unknown): value is Type {
  return typeof value === 'function';
}

/**
 * Sorts, since an agent compares registrations as they are: another order looks like another
 * service.
 */
function sortUnique(routes: readonly ProxyRoute[]): ProxyRoute[] {
  const byKey = new Map(routes.map((route) => [`${route.httpMethod} ${route.path}`, route]));
  return [...byKey].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, route]) => route);
}
