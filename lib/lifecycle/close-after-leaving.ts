import type { ServerGrpc } from '@nestjs/microservices';
import { type CloseBounds, closeGracefully } from './graceful-close.js';

/** Where a server keeps the modules that leave before it closes. */
const LEAVERS = Symbol.for('nestjs-sidecar-agent:leavers');

/** One module of an application, as a server sees it. */
export interface Leaver {
  /** Whether what this module announces is served here. */
  owns(server: object): boolean;
  /** Leaves the mesh, while the server still serves. */
  leave(server: object): Promise<void>;
  /** How long closing may still take; `undefined` for a module that is turned off. */
  closeBounds(): CloseBounds | undefined;
  /** How many calls are in flight. */
  readonly inFlight: number;
}

/**
 * Has a module leave before a server closes. The modules of one application leave at the same time, each once, and the
 * server closes when the last has left: so they are kept on the server itself, which is all they share.
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
    const owners = [...leavers].filter((one) => one.owns(server));
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
