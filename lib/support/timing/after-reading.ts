import type { SidecarClock } from './sidecar-clock.js';

/**
 * Runs `task` after so many milliseconds, but reads the sockets once more before: where our own event loop was blocked,
 * what was waited for may have come long ago.
 *
 * @returns cancels it, until `task` has run
 */
export function afterReading(clock: SidecarClock, milliseconds: number, task: () => void): () => void {
  let turn: NodeJS.Immediate | undefined;
  const cancel = clock.after(milliseconds, () => {
    // Immediates run after the poll phase; a promise chain off a socket's event may need the second turn.
    turn = setImmediate(() => {
      turn = setImmediate(task);
    });
  });
  return () => {
    cancel();
    clearImmediate(turn);
  };
}
