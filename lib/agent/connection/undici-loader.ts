import { createRequire } from 'node:module';
import type { buildConnector, Client, Dispatcher, Pool } from 'undici';

/** What is used of undici. */
export interface Undici {
  readonly Client: typeof Client;
  readonly Pool: typeof Pool;
  readonly buildConnector: typeof buildConnector;
  /** Sends a request, as `dispatcher.request(options)` does. */
  readonly request: (
    dispatcher: Dispatcher,
    options: Dispatcher.RequestOptions,
  ) => Promise<Dispatcher.ResponseData>;
}

type RequirePart = (path: string) => unknown;

/**
 * Loads undici's client, late since it takes its time. Where it can, only the parts that are needed: the whole, with fetch,
 * caches and WebSocket, takes six times as long and 6 MB more in a process that has grpc-js. The parts are no public API; so
 * the whole it is where one of them is not what it was.
 *
 * @param requirePart for a test
 */
export async function loadUndici(requirePart: RequirePart = createRequire(import.meta.url)): Promise<Undici> {
  const parts = loadParts(requirePart);
  if (parts) return parts;
  const { Client, Pool, buildConnector } = await import('undici');
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
      // The whole puts it onto the prototype of all dispatchers, which is everybody's.
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
