import { status } from '@grpc/grpc-js';
import { RpcException } from '@nestjs/microservices';
import { defer, fromEvent, map, type MonoTypeOperatorFunction, of, takeUntil } from 'rxjs';

/** Ends a stream with UNAVAILABLE when the shutdown begins, so that its client moves on. */
export function untilDraining<T>(draining: AbortSignal): MonoTypeOperatorFunction<T> {
  const begun = defer(() => (draining.aborted ? of(null) : fromEvent(draining, 'abort')));
  const end = () => {
    throw new RpcException({ code: status.UNAVAILABLE, message: 'this instance shuts down' });
  };
  return takeUntil(begun.pipe(map(end)));
}
