/**
 * Ends this process as a signal does if the process that started it dies. The channel to it does
 * not keep this process alive.
 */
export function endWithParent(): void {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}
