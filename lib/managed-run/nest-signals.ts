import { constants } from 'node:os';
import type { SidecarApp } from './run-options.interface.js';

const SIGNALS = Object.keys(constants.signals) as NodeJS.Signals[];

/**
 * Takes Nest's own listeners off the signals that `enableShutdownHooks()` was called for: at a signal they would run the
 * hooks beside the run, every `onModuleDestroy` before the leave.
 *
 * @returns the signals that were taken; none where the hooks are not enabled
 */
export function takeOverSignals(app: SidecarApp): readonly NodeJS.Signals[] {
  // No public API disables them. What Nest has is what it calls itself when it has closed.
  const unsubscribe: unknown = Reflect.get(app, 'unsubscribeFromProcessSignals');
  if (typeof unsubscribe !== 'function') return [];
  const before = SIGNALS.map((signal) => process.listenerCount(signal));
  Reflect.apply(unsubscribe, app, []);
  return SIGNALS.filter((signal, index) => process.listenerCount(signal) < (before[index] ?? 0));
}
