import {
  formatGrpcHandlerPattern,
  type GrpcHandlerPattern,
  parseGrpcHandlerPattern,
} from './grpc-handler-pattern.js';

/** An rpc of a proto. */
export interface DeclaredRpc {
  /** Its key in the service definition, which is the spelling of the proto. */
  readonly name: string;
  /** In camel case, the spelling that grpc-js accepts as well. */
  readonly originalName?: string;
  /** The client sends a stream. */
  readonly requestStream: boolean;
}

/** A service of a proto, with the two names that a handler may use for it. */
export interface DeclaredService {
  /** Relative to the entry of the option `package`: `HeroService`, or `v1.HeroService` below the entry `hero`. */
  readonly name: string;
  /** `hero.v1.HeroService`. */
  readonly fullName: string;
  readonly rpcs: readonly DeclaredRpc[];
}

/**
 * The handlers that no call can reach, in their order: those that match no rpc, and those in whose place another is
 * always called. `handlerKeys` are the keys of the server's handlers; one that is no gRPC pattern is passed over.
 *
 * Nest matches a handler by the service's relative or full name, by the rpc's name or `originalName`, and by streaming
 * kind: `@GrpcStreamMethod` or `@GrpcStreamCall` where the client sends a stream, else `@GrpcMethod`. Where several
 * match, `@GrpcStreamMethod` wins over `@GrpcStreamCall`, then the relative name over the full one. Of two spellings
 * of the rpc, grpc-js takes the proto's own.
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

/** The keys of the handlers that are called for the rpcs of one service. */
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

/** As grpc-js names the methods of a client class: two rpcs may share a spelling, and the later one has it. */
function spellRpcs(rpcs: readonly DeclaredRpc[]): Map<string, DeclaredRpc> {
  return new Map(rpcs.flatMap((rpc) => [rpc.name, rpc.originalName ?? rpc.name].map((name) => [name, rpc])));
}

/** The keys under which Nest looks for the handler of an rpc, first choice first. */
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
