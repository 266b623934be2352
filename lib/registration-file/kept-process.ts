import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { propertyOf } from '../support/shape.js';
import type { KeptProcess } from './kept-registration.js';
import { parseProcessStat } from './process-stat.js';

/** The PID namespace of the host, from which the processes of all containers can be seen. */
const NAMESPACE_OF_HOST = 'pid:[4026531836]';

/** What is known of a process. `hidden`: it cannot be seen from here, and may run. */
export type ProcessLife = 'runs' | 'ended' | 'hidden';

/** Returns the mark of this process. */
export function thisProcess(): KeptProcess {
  const started = startOf(process.pid) ?? String(Math.round(performance.timeOrigin));
  return { pid: process.pid, started, pidNamespace: pidNamespace(), host: hostname() };
}

/**
 * Returns whether a process still runs. Linux tells when a process has started, so that another one
 * that has got its id since is not taken for it: in a container, every start may have the same id.
 *
 * A process of another PID namespace (container) or of another boot cannot always be seen. It has
 * ended if it had the host name of this one, since then the container or the machine has been
 * started again. Otherwise it may run beside this one, in another container that shares the file.
 */
export function lifeOf(kept: KeptProcess, here = thisProcess()): ProcessLife {
  if (kept.pidNamespace === undefined || here.pidNamespace === undefined) return lifeOfNeighbour(kept);
  const isSameBoot = bootOf(kept) === bootOf(here);
  if (isSameBoot && kept.pidNamespace === here.pidNamespace) return lifeOfNeighbour(kept);
  if (isSameBoot && isSeenInContainer(kept)) return 'runs';
  const wouldBeSeen = isSameBoot && here.pidNamespace === NAMESPACE_OF_HOST;
  return wouldBeSeen || kept.host === here.host ? 'ended' : 'hidden';
}

/** Returns whether a process runs, or may run. */
export function isAlive(kept: KeptProcess): boolean {
  return lifeOf(kept) !== 'ended';
}

/** Judges a process whose id means the same here. */
function lifeOfNeighbour({ pid, started }: KeptProcess): ProcessLife {
  if (pid === process.pid) return thisProcess().started === started ? 'runs' : 'ended';
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    // Any other code, such as EPERM, means that the process is there.
    if (propertyOf(thrown, 'code') === 'ESRCH') return 'ended';
  }
  const present = startOf(pid);
  return present === undefined || present === started ? 'runs' : 'ended';
}

/** Returns whether a container that can be seen from here has the process. */
function isSeenInContainer({ pid, started }: KeptProcess): boolean {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.some((id) => startOf(Number(id)) === started && innermostIdOf(id) === pid);
}

/** Returns the id that a process has in its own namespace. */
function innermostIdOf(id: string): number | undefined {
  try {
    const [, innermost] = /^NSpid:.*\s(\d+)$/m.exec(readFileSync(`/proc/${id}/status`, 'utf8')) ?? [];
    return innermost === undefined ? undefined : Number(innermost);
  } catch {
    return undefined;
  }
}

/**
 * Returns when a process has started, or `undefined` if the system does not tell. For a process
 * that has ended, and whose parent has not asked for its code yet, it returns `zombie`.
 */
function startOf(pid: number): string | undefined {
  try {
    const { isZombie, started } = parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (isZombie) return 'zombie';
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    return started === undefined ? undefined : `${boot}-${started}`;
  } catch {
    return undefined;
  }
}

/** Containers share the boot of their host. */
function bootOf({ started }: KeptProcess): string | undefined {
  return started.split('-').at(0);
}

/** Returns the namespace in which the id of this process is one; `undefined` if there are none. */
function pidNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}
