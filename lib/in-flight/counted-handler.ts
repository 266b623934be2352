import type { MessageHandler } from '@nestjs/microservices';
import { finalize, isObservable } from 'rxjs';
import { parseGrpcHandlerPattern } from '../service/grpc/grpc-handler-pattern.js';

/** The events of a gRPC call that end it. */
interface CallEvents {
  on(event: string, listener: () => void): unknown;
  once(event: string, listener: () => void): unknown;
}

/** Where a call is counted: it begins, and says when it has ended. */
export type BeginCall = () => () => void;
const UNARY_ENDS = ['cancelled'] as const;
const STREAM_ENDS = ['finish', 'cancelled'] as const;

type AnyHandler = (...args: unknown[]) => unknown;

/**
 * Wraps a gRPC handler so that its calls are counted while they are in flight.
 *
 * A call ends with the observable that its handler returns, one with a response stream when that is written out, and any
 * when it is cancelled, if that comes first; one of a `@GrpcStreamCall` handler ends with its callback or with the call's own
 * stream.
 */
export function countedHandler(pattern: unknown, handler: MessageHandler, begin: BeginCall): MessageHandler {
  const key = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
  const handle = handler as AnyHandler;
  // The handler of a `@GrpcStreamCall` is given the call itself and returns nothing.
  const counted: AnyHandler =
    parseGrpcHandlerPattern(key)?.streaming === 'pt_stream'
      ? (call, callback) => countStreamCall(handle, begin, call, callback)
      : (...args) => countReturned(handle, begin, args);
  return Object.assign(counted, handler);
}

async function countReturned(handle: AnyHandler, begin: BeginCall, args: unknown[]): Promise<unknown> {
  const end = begin();
  const call = args[2];
  const writes = hasEvents(call) && 'write' in call;
  // Not `once`, which makes a wrapper for each call: only the first end counts, and the call is soon gone.
  if (hasEvents(call)) for (const event of writes ? STREAM_ENDS : UNARY_ENDS) call.on(event, end);
  try {
    const result = await handle(...args);
    // What a slow client has not taken yet is still to be written when the observable has completed.
    if (writes) return result;
    if (isObservable(result)) return result.pipe(finalize(end));
    end();
    return result;
  } catch (thrown) {
    end();
    throw thrown;
  }
}

async function countStreamCall(
  handle: AnyHandler,
  begin: BeginCall,
  call: unknown,
  callback: unknown,
): Promise<unknown> {
  const end = begin();
  if (hasEvents(call)) for (const event of ['finish', 'error', 'cancelled']) call.once(event, end);
  try {
    if (typeof callback !== 'function') return await handle(call);
    return await handle(call, (...answer: unknown[]) => {
      (callback as AnyHandler)(...answer);
      end();
    });
  } catch (thrown) {
    end();
    throw thrown;
  }
}

function hasEvents(call: unknown): call is CallEvents {
  return typeof call === 'object' && call !== null && 'once' in call && typeof call.once === 'function';
}
