import {
  formatGrpcHandlerPattern,
  type GrpcHandlerPattern,
  parseGrpcHandlerPattern,
} from './grpc-handler-pattern.js';

/** An rpc of a proto. */
export interface DeclaredRpc {
  /** The key of the rpc in the service definition: its name in the proto. */
  readonly name: string;
  /** The name in camel case, which grpc-js accepts as well. */
  readonly originalName?: string;
  /** Whether the client sends a stream. */
  readonly requestStream: boolean;
}

/** A service of a proto, with the two names by which a handler may refer to it. */
export interface DeclaredService {
  /**
   * Relative to the entry of the option `package`: `HeroService`, or `v1.HeroService` below the
   * entry `hero`.
   */
  readonly name: string;
  /** `hero.v1.HeroService`. */
  readonly fullName: string;
  readonly rpcs: readonly DeclaredRpc[];
}

/**
 * Finds the handlers that no call can reach, in their order: those that match no rpc, and those
 * that match one for which Nest always calls another handler.
 *
 * Nest matches a handler by the relative or full name of the service, by the `name` or
 * `originalName` of the rpc, and by streaming kind: `@GrpcStreamMethod` or `@GrpcStreamCall` if the
 * client sends a stream, otherwise `@GrpcMethod`. If several match, Nest prefers
 * `@GrpcStreamMethod` to `@GrpcStreamCall`, then the relative name to the full name. grpc-js
 * prefers `name` to `originalName`.
 *
 * @param handlerKeys the keys of the server's handlers; keys that are not gRPC patterns are ignored
 */
export function findUnmatchedGrpcHandlers(
  handlerKeys: Iterable<string>,
  services: readonly DeclaredService[],
): GrpcHandlerPattern[] {
  const keys = new Set(handlerKeys);
  const matched = new Set(services.flatMap((service) => matchService(service, keys)));
  return [...keys]
    .filter((key) => !matched.has(key))
    .map(parseGrpcHandlerPattern)
    .filter((pattern) => pattern !== undefined);
}

/** Returns the keys of the handlers that Nest calls for the rpcs of a service. */
function matchService(service: DeclaredService, keys: ReadonlySet<string>): string[] {
  const keyOf = new Map<string, string>();
  for (const [spelling, rpc] of spellRpcs(service.rpcs)) {
    const key = candidateKeys(service, spelling, rpc).find((candidate) => keys.has(candidate));
    if (key !== undefined) keyOf.set(spelling, key);
  }
  return service.rpcs
    .map(({ name, originalName = name }) => keyOf.get(name) ?? keyOf.get(originalName))
    .filter((key) => key !== undefined);
}

/**
 * Returns the rpcs by both spellings, as grpc-js does: if two rpcs share a spelling, the later one
 * gets it.
 */
function spellRpcs(rpcs: readonly DeclaredRpc[]): Map<string, DeclaredRpc> {
  return new Map(rpcs.flatMap((rpc) => [rpc.name, rpc.originalName ?? rpc.name].map((name) => [name, rpc])));
}

/**
 * Returns the keys under which Nest looks for the handler of an rpc, in the order in which it
 * looks.
 */
function candidateKeys(
  { name, fullName }: DeclaredService,
  rpc: string,
  { requestStream }: DeclaredRpc,
): string[] {
  const kinds = requestStream ? ['rx_stream', 'pt_stream'] : ['no_stream'];
  return kinds.flatMap((streaming) =>
    [name, fullName].map((service) => formatGrpcHandlerPattern({ service, rpc, streaming })),
  );
}
