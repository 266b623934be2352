import type { ServerGrpc } from '@nestjs/microservices';
import { sortUnique } from '../support/text/sort-unique.js';
import { boundsFromNow, type CloseBounds, longestBounds } from './close-bounds.js';
import { type ClosingCalls, closeGracefully } from './graceful-close.js';

/**
 * The property in which a server keeps the modules that leave before it closes. Each module may
 * come from another copy of the package, so the members of {@link Leaver} are a contract between
 * copies.
 */
const LEAVERS = Symbol.for('nestjs-sidecar-agent:leavers');

/** A module of the application, as its servers see it. */
export interface Leaver {
  /** Returns whether the service of this module is served by the server. */
  owns(server: object): boolean;
  /** Leaves the mesh, while the server keeps serving. */
  leave(server: object): Promise<void>;
  /** Returns how long closing may still take, or `undefined` if the module does not leave. */
  closeBounds(): CloseBounds | undefined;
  /** Returns the calls of the server. An older copy of the package does not have it. */
  callsOf?(server: object): ClosingCalls | undefined;
  /**
   * Waits for work in flight after the close, within what is left of its bounds. An older copy of
   * the package does not have it.
   */
  finishWork?(left: CloseBounds): Promise<void>;
  /** Logs a line. An older copy of the package does not have it. */
  log?(line: string): void;
}

/**
 * Wraps the `close` of a gRPC server so that a module leaves the mesh first. The modules of one
 * server leave at the same time, and the server closes after the last one. So they are kept on the
 * server itself, which is all that they share.
 */
export function closeAfterLeaving(server: Pick<ServerGrpc, 'close'>, leaver: Leaver): void {
  const known: unknown = Reflect.get(server, LEAVERS);
  if (known instanceof Set) {
    known.add(leaver);
    return;
  }
  const leavers = new Set([leaver]);
  const close = server.close.bind(server);
  Object.assign(server, { [LEAVERS]: leavers });
  server.close = async () => {
    const owners = [...leavers].filter((each) => each.owns(server));
    await Promise.all(owners.map((owner) => owner.leave(server)));
    // A server that no module registers closes like the others of its application.
    const closers = owners.length > 0 ? owners : [...leavers];
    const bounds = longestBounds(closers.map((closer) => closer.closeBounds()));
    if (!bounds) return close();
    const left = boundsFromNow(bounds);
    const calls = callsOf(server, closers);
    const log = (line: string) => closers.find((closer) => 'log' in closer)?.log?.(line);
    await closeGracefully(server, close, { ...bounds, calls, log });
    await Promise.all(owners.map(async (owner) => owner.finishWork?.(left())));
  };
}

/** Returns whether a module registers the service of the server. */
export function isRegistered(server: object): boolean {
  const leavers: unknown = Reflect.get(server, LEAVERS);
  return leavers instanceof Set && [...(leavers as Set<Leaver>)].some((each) => each.owns(server));
}

/** Each module follows the calls by itself; all of them see the same ones. */
function callsOf(server: object, leavers: readonly Leaver[]): ClosingCalls {
  const all = leavers.map((leaver) => leaver.callsOf?.(server)).filter((calls) => calls !== undefined);
  return {
    get count() {
      return Math.max(0, ...all.map(({ count }) => count));
    },
    get methods() {
      return sortUnique(all.flatMap(({ methods }) => methods));
    },
    endEndless: () => all.forEach((calls) => calls.endEndless()),
    endAll: () => all.forEach((calls) => calls.endAll()),
  };
}
