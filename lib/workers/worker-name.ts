import { randomBytes } from 'node:crypto';
import { shortHash } from './worker-folder.js';

/** Returns a name for the socket of this process, which shows its instance id to the others. */
export function newWorkerName(instanceId: string): string {
  return [process.pid.toString(36), randomBytes(3).toString('hex'), markOfId(instanceId)].join('-');
}

/** Returns whether two processes are the same instance. */
export function isSameInstance(name: string, other: string): boolean {
  return markOf(name) === markOf(other);
}

/** Returns whether a process registers an instance id. */
export function isOfInstance(name: string, instanceId: string): boolean {
  return markOf(name) === markOfId(instanceId);
}

function markOfId(instanceId: string): string {
  return shortHash(instanceId, 8);
}

function markOf(name: string): string | undefined {
  return name.split('-').at(-1);
}
