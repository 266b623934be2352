import { readFileSync } from 'node:fs';
import { propertyOf } from '../support/shape.js';
import type { KeptProcess } from './kept-registration.js';

/** Returns the mark of this process. */
export function thisProcess(): KeptProcess {
  return { pid: process.pid, started: startOf(process.pid) ?? String(Math.round(performance.timeOrigin)) };
}

/**
 * Returns whether a process still runs. Linux tells when a process has started, so that another one
 * that has got its id since is not taken for it: in a container, every start may have the same id.
 */
export function isAlive({ pid, started }: KeptProcess): boolean {
  if (pid === process.pid) return thisProcess().started === started;
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    // Any other code, such as EPERM, means that the process is there.
    if (propertyOf(thrown, 'code') === 'ESRCH') return false;
  }
  const present = startOf(pid);
  return present === undefined || present === started;
}

/**
 * Returns when a process has started, or `undefined` if the system does not tell. For a process
 * that has ended, and whose parent has not asked for its code yet, it returns `zombie`.
 */
function startOf(pid: number): string | undefined {
  try {
    // The name of the program, in parentheses, may have spaces. The state follows it; field 22 is
    // the start time in ticks since the boot.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    if (fields[0] === 'Z') return 'zombie';
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    return fields[19] === undefined ? undefined : `${boot}-${fields[19]}`;
  } catch {
    return undefined;
  }
}
