import { grpcJsServerOf } from '../service/grpc/grpc-server.js';
import { hasMethods } from '../support/shape.js';
import { settledWithin } from '../support/timing/settled-within.js';
import type { CloseBounds } from './close-bounds.js';

/** How a gRPC server is closed. */
export interface GracefulClose extends CloseBounds {
  /** Whether no call is in flight, so that only the last bytes of answers are still to be sent. */
  readonly isIdle: boolean;
}

/** How long the last bytes of answers may take, in milliseconds. */
const FLUSH_TIMEOUT = 1_000;

/**
 * Closes a gRPC server after its service has left the mesh: sends the last answers, runs the close
 * that the application configured, and forces the end at the bound.
 *
 * Nest's close alone does not do: it is `forceShutdown()`, which cuts answers off, or with
 * `gracefulShutdown` `tryShutdown()`, which waits for one open stream forever.
 *
 * @param close Nest's own close
 */
export async function closeGracefully(
  server: object,
  close: () => Promise<void>,
  { isIdle, clock, rest }: GracefulClose,
): Promise<void> {
  const grpc = grpcJsServerOf(server);
  if (!hasMethods(grpc, 'tryShutdown', 'forceShutdown')) return close();
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
