/**
 * Runs a task and returns the milliseconds of CPU that it took. Other processes hardly change them,
 * so they can tell a time in proportion to an input from one that grows with its square.
 */
export function cpuTime(task: () => void): number {
  const before = process.cpuUsage();
  task();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
