import type { Restart } from './mesh/fleet.js';
import type { Summary } from './tally.js';

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function describeRestart(restart: Restart): string {
  const { instance, drained, lastCall, deregistered, exited, serving } = restart;
  return (
    `  ${instance}: drained; last call ${seconds(lastCall - drained)} later; deregistered after ` +
    `${seconds(deregistered)}, exited after ${seconds(exited)}, its successor serving after ${seconds(serving)}`
  );
}

export function describeSummary(
  service: string,
  { calls, failed, failures, lostWithKilled }: Summary,
): string[] {
  return [
    `${service}: ${calls} calls, ${failed} failed, ${lostWithKilled} lost with the killed instance`,
    ...Object.entries(failures).map(([cause, count]) => `  ${count} × ${cause}`),
  ];
}

function seconds(value: number): string {
  // The router may have sent its last call just before the drain.
  return `${Math.max(0, value).toFixed(1)} s`;
}
