import type { GrpcOptions } from '@nestjs/microservices';
import { sortUnique } from '../../support/text/sort-unique.js';
import type { GrpcHandlerPattern } from './grpc-handler-pattern.js';
import type { GrpcRpcDefinition, GrpcServer, GrpcServiceEntry } from './grpc-server.js';
import { httpRuleOf } from '../routes/google-http-rules.js';
import { loadGrpcDefinitions } from './load-grpc-definitions.js';
import { selectGrpcServices } from './select-grpc-services.js';
import { type DeclaredService, findUnmatchedGrpcHandlers } from './unmatched-grpc-handlers.js';

/**
 * The methods that a gRPC server serves of the packages in its options, and those that it does not.
 */
export interface GrpcInventory {
  /**
   * The full paths of the rpcs with a handler, `/pkg.Service/Rpc`, of any streaming kind; sorted
   * and unique.
   */
  readonly methods: readonly string[];
  /** The full names of the services with at least one such method, sorted. */
  readonly services: readonly string[];
  /** The full paths of the rpcs without a handler, sorted. Their callers get UNIMPLEMENTED. */
  readonly unservedRpcs: readonly string[];
  /** The `google.api.http` annotations of `methods`, as the loader gives them, by full path. */
  readonly httpRules: ReadonlyMap<string, unknown>;
  /**
   * Handlers that no call can reach: they match no rpc, for example because of a mistyped name or
   * the decorator of another streaming kind, or Nest always calls another handler of the same rpc.
   *
   * Nest gives every server the handlers of the whole application. With several servers of
   * different packages, each server leaves the handlers of the others unmatched, so only a handler
   * that all servers leave unmatched is a mistake.
   */
  readonly unmatchedHandlers: readonly GrpcHandlerPattern[];
}

interface ListedRpc {
  readonly path: string;
  readonly isServed: boolean;
  readonly httpRule: unknown;
}

/**
 * Lists the methods that a Nest gRPC server serves. It lets the server itself match handlers with
 * rpcs, as the server does when it starts to listen. You can call it as soon as the handlers are
 * registered, and on a server that listens. Services that `onLoadPackageDefinition` adds, such as
 * health or reflection, are not listed.
 *
 * @param grpc the options that the server was created with
 * @throws {GrpcReflectionError} if a proto cannot be loaded, or if it has no such package
 */
export async function inspectGrpcServer(
  server: GrpcServer,
  grpc: GrpcOptions['options'],
): Promise<GrpcInventory> {
  const entries = selectGrpcServices(server, grpc.package, loadGrpcDefinitions(grpc));
  // All in one turn of the event loop: createService() renames the handler's function after the
  // rpc, and Nest reads that name in every call.
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
    // Nest takes a package with a subpackage named "service" for a service, but it has no paths.
    if (typeof path !== 'string') return [];
    // Own properties only: the object's toString() does not serve an rpc named ToString.
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

/** Returns the service of a method: `hero.v1.HeroService` of `/hero.v1.HeroService/FindOne`. */
function serviceOf(path: string): string {
  return path.split('/')[1] ?? '';
}
