import { requireUndici, requireUndiciFiles } from '../../support/late-packages.cjs';
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

/** How to load undici: some of its files, or all of it. */
export interface UndiciSource {
  readonly requireUndiciFiles: () => Readonly<Record<keyof Undici, unknown>>;
  readonly requireUndici: () => unknown;
}

/**
 * Loads undici, when it is first needed, since that takes time. It loads only the files that this
 * module needs: they take 10 ms of CPU and 0.5 MB in a process that has grpc-js, while all of
 * undici, with fetch, caches and WebSocket, takes 47 ms and 5 MB (medians of nine starts on Node
 * 20). These files are not a public API of undici. If one of them is missing or exports something
 * else, it loads all of undici.
 *
 * @param source replaces the installed undici in a test
 */
export function loadUndici(source: UndiciSource = { requireUndiciFiles, requireUndici }): Undici {
  const parts = loadParts(source);
  if (parts) return parts;
  const { Client, Pool, buildConnector } = source.requireUndici() as typeof import('undici');
  return { Client, Pool, buildConnector, request: (dispatcher, options) => dispatcher.request(options) };
}

function loadParts(source: UndiciSource): Undici | undefined {
  try {
    const { request: send, ...parts } = source.requireUndiciFiles();
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
