import { settledWithin } from '../support/timing/settled-within.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';

/** How long closing may take. */
export interface CloseBounds {
  readonly clock: SidecarClock;
  /** What is left of `shutdownTimeout`, in milliseconds. */
  readonly rest: number;
}

/** How a server is closed. */
export interface GracefulClose extends CloseBounds {
  /** Whether no call is in flight, so that only the last bytes are on their way. */
  readonly isIdle: boolean;
}

/** What Nest keeps of grpc-js: a protected field, hence read with care. */
interface GrpcJsServer {
  tryShutdown(callback: (error?: Error) => void): void;
  forceShutdown(): void;
}

/** How long the last bytes of answered calls may take to leave, in milliseconds. */
const FLUSH_TIMEOUT = 1_000;

/**
 * Closes a gRPC server that has left the mesh. Nest's own close is `forceShutdown()`, which cuts off answers that are
 * still on their way, or with `gracefulShutdown` a `tryShutdown()` that one open stream holds up for ever. So: let the
 * last answers out where no call is in flight, then close as the application asked for, and force it at the bound.
 */
export async function closeGracefully(
  server: object,
  close: () => Promise<void>,
  { isIdle, clock, rest }: GracefulClose,
): Promise<void> {
  const grpc = grpcServerOf(server);
  if (!grpc) return close();
  if (isIdle) {
    const flushed = new Promise<void>((resolve) => grpc.tryShutdown(() => resolve()));
    await settledWithin(clock, Math.min(FLUSH_TIMEOUT, rest), flushed);
  }
  const cancel = clock.after(Math.max(0, rest), () => grpc.forceShutdown());
  try {
    await close();
  } finally {
    cancel();
  }
}

function grpcServerOf(server: object): GrpcJsServer | undefined {
  const grpc: unknown = Reflect.get(server, 'grpcClient');
  return isGrpcJsServer(grpc) ? grpc : undefined;
}

function isGrpcJsServer(value: unknown): value is GrpcJsServer {
  if (typeof value !== 'object' || value === null) return false;
  return ['tryShutdown', 'forceShutdown'].every((method) => typeof Reflect.get(value, method) === 'function');
}
