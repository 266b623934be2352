import type { MessageHandler } from '@nestjs/microservices';
import { finalize, isObservable } from 'rxjs';
import { parseGrpcHandlerPattern } from '../service/grpc/grpc-handler-pattern.js';
import { hasMethods } from '../support/shape.js';

/** Counts the start of a call; the function it returns counts the end. */
export type BeginCall = () => () => void;

/** What ends a unary call before its observable completes. */
const UNARY_ENDS = ['cancelled'] as const;
/** What ends a call with a response stream. */
const STREAM_ENDS = ['finish', 'cancelled'] as const;
/** What ends a call of a `@GrpcStreamCall` handler. */
const RAW_ENDS = ['finish', 'error', 'cancelled'] as const;

type AnyHandler = (...args: unknown[]) => unknown;

/**
 * Wraps a gRPC handler so that its calls are counted while they are in flight.
 *
 * A call ends when it is cancelled, or else:
 * - with a response stream, when the stream is written out
 * - of a `@GrpcStreamCall` handler, when its callback is called or its stream is written out
 * - any other, when the observable that its handler returns completes
 */
export function countedHandler(pattern: unknown, handler: MessageHandler, begin: BeginCall): MessageHandler {
  const key = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
  const handle = handler as AnyHandler;
  // Nest passes the call itself to a `@GrpcStreamCall` handler, and ignores what it returns.
  const counted: AnyHandler =
    parseGrpcHandlerPattern(key)?.streaming === 'pt_stream'
      ? (call, callback) => countStreamCall(handle, begin, call, callback)
      : (...args) => countReturned(handle, begin, args);
  return Object.assign(counted, handler);
}

async function countReturned(handle: AnyHandler, begin: BeginCall, args: unknown[]): Promise<unknown> {
  const end = begin();
  const call = args[2];
  const hasEvents = hasMethods(call, 'on');
  const writes = hasEvents && 'write' in call;
  // `on` is cheaper than `once`, which wraps the listener; `end` counts its first call alone.
  if (hasEvents) for (const event of writes ? STREAM_ENDS : UNARY_ENDS) call.on(event, end);
  try {
    const result = await handle(...args);
    // When the observable completes, a slow client may still have messages to read.
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
  if (hasMethods(call, 'once')) for (const event of RAW_ENDS) call.once(event, end);
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
