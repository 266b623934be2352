import { finalize, isObservable } from 'rxjs';
import { isGrpcServer } from '../service/grpc/grpc-server.js';
import { hasMethods } from '../support/shape.js';
import type { InFlightCalls } from './in-flight-calls.js';

type AnyFunction = (...args: unknown[]) => unknown;

/**
 * Counts the messages of one of Nest's transport servers (TCP, NATS, Kafka and others) while their
 * handlers work on them. They do not count as arrivals: routers of the mesh do not send them.
 *
 * It wraps the public `addHandler`, so it must run before the server gets its handlers. gRPC
 * servers are ignored: their calls are counted elsewhere.
 */
export function countMessages(server: unknown, calls: InFlightCalls): void {
  if (!hasMethods(server, 'addHandler') || isGrpcServer(server)) return;
  const addHandler = server.addHandler.bind(server);
  server.addHandler = (pattern: unknown, handler: unknown, ...rest: unknown[]) =>
    addHandler(pattern, counted(handler as AnyFunction, calls), ...rest);
}

/**
 * Wraps a handler by a proxy: Nest chains the handlers of one event by a property of theirs, which
 * the handler itself reads.
 */
function counted(handler: AnyFunction, calls: InFlightCalls): AnyFunction {
  return new Proxy(handler, {
    apply: (target, self: unknown, args: unknown[]) =>
      countReturned(() => Reflect.apply(target, self, args), calls.beginMessage()),
  });
}

async function countReturned(handle: () => unknown, ended: () => void): Promise<unknown> {
  // Nest sends an answer in the tick after the handler is done.
  const end = () => void setImmediate(ended);
  try {
    const result = await handle();
    if (isObservable(result)) return result.pipe(finalize(end));
    end();
    return result;
  } catch (thrown) {
    end();
    throw thrown;
  }
}
