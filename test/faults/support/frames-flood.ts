import { once } from 'node:events';
import type { Socket } from 'node:net';

/** What went over the socket, and what that did to this process. */
export interface Flood {
  /** Bytes that were written. */
  readonly written: number;
  /** By how many bytes this process, the writer included, has grown at the most. */
  readonly growth: number;
}

/**
 * Writes one block again and again, no faster than it is read, until `total` bytes are written or
 * the other side has had enough.
 */
export async function flood(socket: Socket, block: Uint8Array, total: number): Promise<Flood> {
  const before = held();
  let written = 0;
  let growth = 0;
  const over = new AbortController();
  socket.once('close', () => over.abort());
  while (written < total && !socket.destroyed) {
    const more = socket.write(block);
    written += block.length;
    growth = Math.max(growth, held() - before);
    if (!more) await once(socket, 'drain', { signal: over.signal }).catch(() => {});
  }
  return { written, growth };
}

/** The bytes that this process holds in objects and buffers. */
function held(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
