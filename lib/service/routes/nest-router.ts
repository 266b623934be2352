import { type ApplicationConfig, MetadataScanner } from '@nestjs/core';
import type { PathsExplorer } from '@nestjs/core/router/paths-explorer.js';
import type { RoutePathFactory } from '@nestjs/core/router/route-path-factory.js';
import { requireNestRouter } from '../../support/late-packages.cjs';

/** The parts of Nest's router that build paths, and the metadata keys of its decorators. */
export interface NestRouter {
  readonly explorer: PathsExplorer;
  readonly factory: RoutePathFactory;
  readonly keys: { readonly path: string; readonly version: string; readonly modulePath: string };
  readonly addLeadingSlash: (path: string) => string;
}

/** The parts from which Nest's router builds the path of a route. */
export type RoutePathMetadata = Parameters<RoutePathFactory['create']>[0];

/**
 * Loads the parts of Nest's router. Nest's packages contain these files but do not export them from
 * their entry points; `@nestjs/swagger` imports them as well. Only http services load them.
 */
export async function loadNestRouter(config: ApplicationConfig): Promise<NestRouter> {
  const [paths, factory, constants, shared] = await loadFiles();
  return {
    explorer: new paths.PathsExplorer(new MetadataScanner()),
    factory: new factory.RoutePathFactory(config),
    keys: {
      path: constants.PATH_METADATA,
      version: constants.VERSION_METADATA,
      modulePath: constants.MODULE_PATH,
    },
    addLeadingSlash: shared.addLeadingSlash,
  };
}

type RouterFiles = [
  typeof import('@nestjs/core/router/paths-explorer.js'),
  typeof import('@nestjs/core/router/route-path-factory.js'),
  typeof import('@nestjs/common/constants.js'),
  typeof import('@nestjs/common/utils/shared.utils.js'),
];

/**
 * Loads the files with `require`, or imports them if that fails: Jest cannot require an ES module,
 * as those of Nest 12 are, before Node 24.9. The comment keeps them in the same file of a webpack
 * bundle.
 */
async function loadFiles(): Promise<RouterFiles> {
  try {
    return requireNestRouter() as RouterFiles;
  } catch {
    return Promise.all([
      import(/* webpackMode: "eager" */ '@nestjs/core/router/paths-explorer.js'),
      import(/* webpackMode: "eager" */ '@nestjs/core/router/route-path-factory.js'),
      import(/* webpackMode: "eager" */ '@nestjs/common/constants.js'),
      import(/* webpackMode: "eager" */ '@nestjs/common/utils/shared.utils.js'),
    ]);
  }
}
