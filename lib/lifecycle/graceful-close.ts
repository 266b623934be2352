import { type AwaitedCalls, remindOfCalls } from '../in-flight/calls-reminder.js';
import { grpcJsServerOf } from '../service/grpc/grpc-server.js';
import { hasMethods } from '../support/shape.js';
import { settledWithin } from '../support/timing/settled-within.js';
import type { CloseBounds } from './close-bounds.js';

/** The calls of the server that closes. */
export interface ClosingCalls extends AwaitedCalls {
  /** Ends the calls that would never end by themselves. */
  endEndless(): void;
  /** Ends every call with UNAVAILABLE. */
  endAll(): void;
}

/** How a gRPC server is closed. */
export interface GracefulClose extends CloseBounds {
  readonly calls: ClosingCalls;
  /** Logs a line. */
  readonly log: (line: string) => void;
}

/** How long the last answers may take after the bound, and how often a call is looked for. */
const LAST_ANSWERS = 100;
const LAST_LOOK = 20;

/**
 * Closes a gRPC server after its service has left the mesh. It sends GOAWAY and refuses new calls,
 * and calls in flight finish. At the bound it ends each call that is left with UNAVAILABLE, which
 * clients repeat elsewhere, and cuts the connections shortly after.
 *
 * Nest's own close runs at the end, to bring Nest's state up to date. It would not do alone: it is
 * `forceShutdown()`, for which clients see CANCELLED, or with `gracefulShutdown` `tryShutdown()`,
 * which waits for one open stream forever.
 *
 * @param close Nest's own close
 */
export async function closeGracefully(
  server: object,
  close: () => Promise<void>,
  { clock, rest, calls, log }: GracefulClose,
): Promise<void> {
  const grpc = grpcJsServerOf(server);
  if (!hasMethods(grpc, 'tryShutdown', 'forceShutdown')) return close();
  const ended = new Promise<void>((resolve) => grpc.tryShutdown(() => resolve()));
  calls.endEndless();
  const cancelReminder = remindOfCalls(clock, calls, log);
  let isOver = await settledWithin(clock, rest, ended);
  cancelReminder();
  // More than once: a call may have reached the server whose handler runs only now.
  for (let waited = 0; !isOver && waited < LAST_ANSWERS; waited += LAST_LOOK) {
    calls.endAll();
    isOver = await settledWithin(clock, LAST_LOOK, ended);
  }
  if (!isOver) grpc.forceShutdown();
  await close();
}
