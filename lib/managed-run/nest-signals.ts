import { constants } from 'node:os';
import { CRASH_SIGNALS } from '../process-end/end-signals.js';
import type { SidecarApp } from './run-options.interface.js';

const SIGNALS = Object.keys(constants.signals) as NodeJS.Signals[];

/**
 * Removes the signal handlers that `enableShutdownHooks()` has added. At a signal they would run
 * the shutdown hooks beside the managed run, so every `onModuleDestroy` before the service has left
 * the mesh.
 *
 * @returns the signals that they handled, without those of a crash; none if `enableShutdownHooks()`
 *   was not called
 */
export function takeOverSignals(app: SidecarApp): readonly NodeJS.Signals[] {
  // Nest has no public method for it. It calls this protected one itself after a close.
  const unsubscribe: unknown = Reflect.get(app, 'unsubscribeFromProcessSignals');
  if (typeof unsubscribe !== 'function') return [];
  const before = SIGNALS.map((signal) => process.listenerCount(signal));
  Reflect.apply(unsubscribe, app, []);
  return SIGNALS.filter(
    (signal, index) => !CRASH_SIGNALS.has(signal) && process.listenerCount(signal) < (before[index] ?? 0),
  );
}
