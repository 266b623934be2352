/**
 * The port that a Nest gRPC server was bound to, which only grpc-js knows where its address says 0 or none. It tells nobody:
 * this is a private field below a protected one, hence read with care.
 *
 * @returns `undefined` where it cannot be told: not bound, bound to a Unix socket or several ports, or another grpc-js
 */
export function boundGrpcPort(server: object): number | undefined {
  try {
    const bindings = property(property(server, 'grpcClient'), 'boundPorts');
    if (!isMap(bindings)) return undefined;
    const ports = new Set(
      [...bindings.values()].map((binding) => property(binding, 'portNumber')).filter(isPort),
    );
    return ports.size === 1 ? [...ports][0] : undefined;
  } catch {
    return undefined;
  }
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function isMap(value: unknown): value is Pick<ReadonlyMap<unknown, unknown>, 'values'> {
  return typeof property(value, 'values') === 'function';
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535;
}
