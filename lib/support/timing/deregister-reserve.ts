/**
 * Returns the part of `shutdownTimeout` that a leave keeps for the deregister: one call, and never
 * more than a quarter. All times are milliseconds.
 */
export function deregisterReserve(times: {
  readonly requestTimeout: number;
  readonly shutdownTimeout: number;
}): number {
  return Math.min(times.requestTimeout, times.shutdownTimeout / 4);
}
