import { requireGrpcJs, requireGrpcJsOfNest } from '../../support/late-packages.cjs';
import { hasMethods, isObject, propertyOf } from '../../support/shape.js';

/** Reads how many calls a server is answering; `undefined` if that cannot be told any more. */
export type CallsInProgress = () => number | undefined;

/**
 * Counts the calls of a grpc-js server with channelz, in which grpc-js itself notes each call from
 * the moment it reaches the server to the moment its last byte is written. Reading it costs nothing
 * while calls run.
 *
 * @returns `undefined` if the server has channelz turned off (`grpc.enable_channelz: 0`), or comes
 *   from another copy of grpc-js than Nest's
 * @see https://github.com/grpc/proposal/blob/master/A14-channelz.md
 */
export function channelzCalls(server: object): CallsInProgress | undefined {
  const grpc = copyThatMade(server);
  const handlers: unknown = hasMethods(grpc, 'getChannelzHandlers') && grpc.getChannelzHandlers();
  if (!hasMethods(handlers, 'GetServer') || !hasMethods(server, 'getChannelzRef')) return undefined;
  const server_id = String(propertyOf(server.getChannelzRef(), 'id'));
  const read = (): number | undefined => {
    let data: unknown;
    handlers.GetServer({ request: { server_id } }, (_error: unknown, answer: unknown) => {
      data = propertyOf(propertyOf(answer, 'server'), 'data');
    });
    return inProgress(data);
  };
  return read() === undefined ? undefined : read;
}

function inProgress(data: unknown): number | undefined {
  if (!isObject(data)) return undefined;
  const [started, succeeded, failed] = ['started', 'succeeded', 'failed'].map((name) =>
    Number(Reflect.get(data, `calls_${name}`)),
  );
  const count = Number(started) - Number(succeeded) - Number(failed);
  return Number.isFinite(count) ? count : undefined;
}

/** Each copy of grpc-js keeps channelz for its own servers alone. */
function copyThatMade(server: object): unknown {
  for (const requireCopy of [requireGrpcJs, requireGrpcJsOfNest]) {
    try {
      const copy: unknown = requireCopy();
      const Server = propertyOf(copy, 'Server');
      if (typeof Server === 'function' && server instanceof Server) return copy;
    } catch {
      // The next one, or none.
    }
  }
  return undefined;
}
