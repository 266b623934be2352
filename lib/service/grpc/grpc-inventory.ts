import type { GrpcOptions } from '@nestjs/microservices';
import type { GrpcHandlerPattern } from './grpc-handler-pattern.js';
import type { GrpcRpcDefinition, GrpcServer, GrpcServiceEntry } from './grpc-server.js';
import { httpRuleOf } from '../routes/google-http-rules.js';
import { loadGrpcDefinitions } from './load-grpc-definitions.js';
import { selectGrpcServices } from './select-grpc-services.js';
import { type DeclaredService, findUnmatchedGrpcHandlers } from './unmatched-grpc-handlers.js';

/** What a gRPC server serves of the services in the packages of its options, and what it leaves out. */
export interface GrpcInventory {
  /** The full paths that a handler answers, `/pkg.Service/Rpc`, whatever their streaming; sorted and unique. */
  readonly methods: readonly string[];
  /** The full names of the services with at least one such method, sorted. */
  readonly services: readonly string[];
  /** The full paths that a proto declares and no handler answers: callers get UNIMPLEMENTED. Sorted. */
  readonly unservedRpcs: readonly string[];
  /** The `google.api.http` annotations of `methods`, as the loader gives them, by the method's full path. */
  readonly httpRules: ReadonlyMap<string, unknown>;
  /**
   * Decorated handlers that no call can reach: they match no rpc, as with a mistyped name or the decorator of
   * another streaming kind, or another handler of the same rpc is always called in their place.
   * A server gets the gRPC handlers of the whole application. So with several gRPC servers of different packages, the
   * handlers of one are unmatched at the other, and only what is unmatched at all of them is a mistake.
   */
  readonly unmatchedHandlers: readonly GrpcHandlerPattern[];
}

interface ListedRpc {
  readonly path: string;
  readonly isServed: boolean;
  readonly httpRule: unknown;
}

/**
 * Lists what a Nest gRPC server really serves. Asks the server itself to match handlers with rpcs, as it does when it
 * begins to listen, and so can be called from the moment the handlers are registered, on a live server too.
 * Services added in `onLoadPackageDefinition`, such as health or reflection, are not part of it.
 *
 * @param grpc the options that the server was made with
 * @throws GrpcReflectionError where a proto cannot be loaded, or has no such package
 */
export async function inspectGrpcServer(
  server: GrpcServer,
  grpc: GrpcOptions['options'],
): Promise<GrpcInventory> {
  const entries = selectGrpcServices(server, grpc.package, await loadGrpcDefinitions(grpc));
  // All in one turn of the event loop: createService() names a handler's function after the rpc, which a call reads.
  const implementations = await Promise.all(
    entries.map(({ service, name }) => server.createService(service, name)),
  );
  const rpcs = entries.flatMap((entry, index) => listRpcs(entry, implementations[index] ?? {}));
  const served = rpcs.filter(({ isServed }) => isServed);
  const annotated = served.filter(({ httpRule }) => httpRule !== undefined);
  const paths = new Set(served.map(({ path }) => path));
  const methods = sortUnique(paths);
  return {
    methods,
    services: sortUnique(methods.map(serviceOf)),
    unservedRpcs: sortUnique(rpcs.map(({ path }) => path)).filter((path) => !paths.has(path)),
    httpRules: new Map(annotated.map(({ path, httpRule }) => [path, httpRule])),
    unmatchedHandlers: findUnmatchedGrpcHandlers(server.getHandlers().keys(), entries.map(describeService)),
  };
}

function listRpcs({ service }: GrpcServiceEntry, implementation: object): ListedRpc[] {
  return Object.entries(service.service).flatMap(([name, { path, originalName = name, options }]) => {
    // A package with a subpackage named "service" passes for a service in Nest's scan, but has no paths.
    if (typeof path !== 'string') return [];
    // Own properties only: an rpc named ToString is not served by the object's toString().
    return {
      path,
      isServed: [name, originalName].some((spelling) => Object.hasOwn(implementation, spelling)),
      httpRule: httpRuleOf(options),
    };
  });
}

function describeService({ name, service }: GrpcServiceEntry): DeclaredService {
  const rpcs = Object.entries(service.service).filter(([, rpc]) => typeof rpc.path === 'string');
  const fullName = rpcs.map(([, { path = '' }]) => serviceOf(path))[0] ?? name;
  return { name, fullName, rpcs: rpcs.map(describeRpc) };
}

function describeRpc([name, { originalName, requestStream }]: [string, GrpcRpcDefinition]) {
  return { name, originalName, requestStream };
}

/** `hero.v1.HeroService` of `/hero.v1.HeroService/FindOne`. */
function serviceOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function sortUnique(values: Iterable<string>): string[] {
  return [...new Set(values)].sort();
}
