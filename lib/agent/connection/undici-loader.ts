import { lateRequire } from '../../support/late-require.js';
import type { buildConnector, Client, Dispatcher, Pool } from 'undici';

/** The parts of undici that this module uses. */
export interface Undici {
  readonly Client: typeof Client;
  readonly Pool: typeof Pool;
  readonly buildConnector: typeof buildConnector;
  /** Does the same as `dispatcher.request(options)`. */
  readonly request: (
    dispatcher: Dispatcher,
    options: Dispatcher.RequestOptions,
  ) => Promise<Dispatcher.ResponseData>;
}

type RequirePart = (path: string) => unknown;

const requireUndici: RequirePart = lateRequire('undici');

/**
 * Loads undici, when it is first needed, since that takes time. It loads only the files that this
 * module needs: they take 10 ms of CPU and 0.5 MB in a process that has grpc-js, while all of
 * undici, with fetch, caches and WebSocket, takes 47 ms and 5 MB (medians of nine starts on Node
 * 20). These files are not a public API of undici. If one of them is missing or exports something
 * else, it loads all of undici.
 *
 * @param requirePart replaces `require` in a test
 */
export function loadUndici(requirePart: RequirePart = requireUndici): Undici {
  const parts = loadParts(requirePart);
  if (parts) return parts;
  const { Client, Pool, buildConnector } = requirePart('undici') as typeof import('undici');
  return { Client, Pool, buildConnector, request: (dispatcher, options) => dispatcher.request(options) };
}

function loadParts(requirePart: RequirePart): Undici | undefined {
  try {
    const parts = {
      Client: requirePart('undici/lib/dispatcher/client.js'),
      Pool: requirePart('undici/lib/dispatcher/pool.js'),
      buildConnector: requirePart('undici/lib/core/connect.js'),
    };
    const send = requirePart('undici/lib/api/api-request.js');
    if (typeof send !== 'function' || !areFunctions(parts)) return undefined;
    return {
      ...parts,
      // All of undici adds `request` to the prototype that every dispatcher of the process shares.
      request: (dispatcher, options) =>
        Reflect.apply(send, dispatcher, [options]) as Promise<Dispatcher.ResponseData>,
    };
  } catch {
    return undefined;
  }
}

function areFunctions(
  parts: Record<string, unknown>,
): parts is Pick<Undici, 'Client' | 'Pool' | 'buildConnector'> & Record<string, unknown> {
  return Object.values(parts).every((part) => typeof part === 'function');
}
