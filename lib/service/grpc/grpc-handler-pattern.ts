/** The pattern that `@GrpcMethod`, `@GrpcStreamMethod` and `@GrpcStreamCall` give a handler. */
export interface GrpcHandlerPattern {
  /** The first argument of the decorator. Its default is the name of the class. */
  readonly service: string;
  /** The second argument. Its default is the name of the method, with a capital. */
  readonly rpc: string;
  /**
   * `no_stream` for `@GrpcMethod`, `rx_stream` for `@GrpcStreamMethod`, `pt_stream` for
   * `@GrpcStreamCall`.
   */
  readonly streaming: string;
}

/** Returns the key under which Nest keeps the handler of a pattern. */
export function formatGrpcHandlerPattern({ service, rpc, streaming }: GrpcHandlerPattern): string {
  // The order of the properties is part of the key.
  return JSON.stringify({ service, rpc, streaming });
}

/**
 * Reads a key of a server's handlers. Returns `undefined` if it is not a gRPC pattern, such as
 * `sum` or `{"cmd":"sum"}`.
 */
export function parseGrpcHandlerPattern(key: string): GrpcHandlerPattern | undefined {
  const { service, rpc, streaming } = parseObject(key);
  if (typeof service !== 'string' || typeof rpc !== 'string' || typeof streaming !== 'string')
    return undefined;
  return { service, rpc, streaming };
}

function parseObject(json: string): Readonly<Record<string, unknown>> {
  try {
    return { ...(JSON.parse(json) as object | null) };
  } catch {
    return {};
  }
}
