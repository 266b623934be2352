import type { SidecarClock } from './sidecar-clock.js';

/**
 * Runs `task` after `milliseconds`, but lets Node read the sockets once more before. If your code
 * blocked the event loop, the bytes that a deadline waits for may have arrived in time.
 *
 * @returns a function that cancels the task until it has run
 */
export function afterReading(clock: SidecarClock, milliseconds: number, task: () => void): () => void {
  let turn: NodeJS.Immediate | undefined;
  const cancel = clock.after(milliseconds, () => {
    // Immediates run after the poll phase, which reads the sockets. The second one gives promises
    // that a socket event has resolved the time to run.
    turn = setImmediate(() => {
      turn = setImmediate(task);
    });
  });
  return () => {
    cancel();
    clearImmediate(turn);
  };
}
