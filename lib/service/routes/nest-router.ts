import { createRequire } from 'node:module';
import { type ApplicationConfig, MetadataScanner } from '@nestjs/core';
import type { PathsExplorer } from '@nestjs/core/router/paths-explorer.js';
import type { RoutePathFactory } from '@nestjs/core/router/route-path-factory.js';

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
  const [paths, factory, constants, shared] = await Promise.all([
    orRequired(import('@nestjs/core/router/paths-explorer.js'), '@nestjs/core/router/paths-explorer.js'),
    orRequired(
      import('@nestjs/core/router/route-path-factory.js'),
      '@nestjs/core/router/route-path-factory.js',
    ),
    orRequired(import('@nestjs/common/constants.js'), '@nestjs/common/constants.js'),
    orRequired(import('@nestjs/common/utils/shared.utils.js'), '@nestjs/common/utils/shared.utils.js'),
  ]);
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

/**
 * Loads the file with `require` if its `import()` fails. Nest 12 has loaded these ES modules long
 * before. Nest 11 has loaded CommonJS, which Node reads once more for an `import()`: if that fails,
 * as with too many open files, Node keeps the failure forever.
 */
async function orRequired<T>(imported: Promise<T>, path: string): Promise<T> {
  try {
    return await imported;
  } catch (thrown) {
    try {
      return createRequire(import.meta.url)(path) as T;
    } catch {
      throw thrown;
    }
  }
}
