import type { ServerGrpc } from '@nestjs/microservices';
import type { CloseBounds } from './close-bounds.js';
import { closeGracefully } from './graceful-close.js';

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
  /** Returns how long closing may still take, or `undefined` if the module is disabled. */
  closeBounds(): CloseBounds | undefined;
  /** How many calls are in flight. */
  readonly inFlight: number;
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
    const [first, ...others] = owners
      .map((owner) => owner.closeBounds())
      .filter((bounds) => bounds !== undefined);
    if (!first) return close();
    const rest = Math.max(first.rest, ...others.map((bounds) => bounds.rest));
    const isIdle = owners.every(({ inFlight }) => inFlight === 0);
    await closeGracefully(server, close, { isIdle, clock: first.clock, rest });
  };
}
