import { syncBuiltinESMExports } from 'node:module';
import { constants } from 'node:os';
import { replaceMethod } from '../support/replace-method.js';
import { END_SIGNALS } from './end-signals.js';

/** A call that would have ended the process. */
export interface EndCall {
  /** The call and the place that it came from, for the log. */
  readonly text: string;
  /** Ends the process as the call would have done. */
  readonly end: () => void;
}

/** What is called in place of `process.exit`, and of a `process.kill` of this process itself. */
export interface EndListener {
  /** Whether the calls are held. If not, they do what they always do. */
  readonly isHolding: boolean;
  asked(call: EndCall): void;
}

const ENDING = new Set<unknown>(END_SIGNALS.flatMap((signal) => [signal, constants.signals[signal]]));

/**
 * Replaces `process.exit` and `process.kill`, also for code that has imported them by name from
 * `node:process`.
 *
 * @returns restores both, unless other code has replaced them since
 */
export function replaceEnds(listener: EndListener): () => void {
  const exit: unknown = Reflect.get(process, 'exit');
  const kill: unknown = Reflect.get(process, 'kill');
  const heldExit = (...given: unknown[]) => {
    const end = () => callOnProcess(exit, given);
    if (!listener.isHolding) return end();
    const [code = ''] = given;
    listener.asked({ text: `process.exit(${String(code)})${placeOf(heldExit)}`, end });
  };
  const heldKill = (pid: unknown, signal: unknown = 'SIGTERM') => {
    const end = () => callOnProcess(kill, [pid, signal]);
    if (!listener.isHolding || pid !== process.pid || !ENDING.has(signal)) return end();
    listener.asked({ text: `process.kill(process.pid, ${String(signal)})${placeOf(heldKill)}`, end });
    return true;
  };
  const restoreExit = replaceMethod(process, 'exit', heldExit);
  const restoreKill = replaceMethod(process, 'kill', heldKill);
  syncBuiltinESMExports();
  return () => {
    restoreExit?.();
    restoreKill?.();
    syncBuiltinESMExports();
  };
}

function callOnProcess(method: unknown, given: readonly unknown[]): unknown {
  return typeof method === 'function' ? Reflect.apply(method, process, given) : undefined;
}

/** Returns the place that has called a function, as ` at file:///app/telemetry.js:3:7`. */
function placeOf(called: (...args: never[]) => unknown): string {
  const trace: { stack?: string } = {};
  Error.captureStackTrace(trace, called);
  return /\n\s+(at .{1,300})/.exec(trace.stack ?? '')?.[1]?.replace(/^/, ' ') ?? '';
}
