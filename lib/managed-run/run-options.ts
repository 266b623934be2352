import { constants } from 'node:os';
import * as v from 'valibot';
import { InvalidOptionsError } from '../errors/invalid-options.error.js';
import { END_SIGNALS } from '../process-end/end-signals.js';
import { LONGEST_DURATION, readDuration } from '../support/timing/duration.js';
import { schemaFaults } from '../support/schema/schema-faults.js';
import type { RunSidecarAppOptions, SidecarApp } from './run-options.interface.js';

/** The checked options of a run, with defaults. */
export interface ResolvedRunOptions<App extends SidecarApp>
  extends
    Required<Pick<RunSidecarAppOptions<App>, 'signals' | 'secondSignal' | 'handleCrashes' | 'exit'>>,
    Pick<RunSidecarAppOptions<App>, 'listen' | 'abortSignal'> {
  /** In milliseconds; if absent, the module's `shutdownTimeout` counts. */
  readonly closeTimeout?: number;
}

const UNCATCHABLE = new Set(['SIGKILL', 'SIGSTOP']);
const PORT = 'must be a port from 0 to 65535, { port, host }, or a function';
const SIGNAL = 'must be the name of a signal that a process can handle, such as "SIGTERM"';
const CLOSE_TIMEOUT = `must be a duration such as "30s" or a number of milliseconds, from 1 to ${LONGEST_DURATION} ms`;

const port = v.pipe(v.number(PORT), v.integer(PORT), v.minValue(0, PORT), v.maxValue(65_535, PORT));
const schema = v.object({
  listen: v.optional(v.union([port, v.object({ port, host: v.optional(v.string()) }), v.function()], PORT)),
  signals: v.optional(
    v.array(
      v.pipe(
        v.string(SIGNAL),
        v.check((name) => name in constants.signals && !UNCATCHABLE.has(name), SIGNAL),
      ),
      'must be an array of signal names such as ["SIGTERM"]',
    ),
  ),
  abortSignal: v.optional(v.instance(AbortSignal, 'must be an AbortSignal')),
  secondSignal: v.optional(v.picklist(['exit', 'ignore'], 'must be "exit" or "ignore"')),
  closeTimeout: v.optional(
    v.pipe(
      v.union([v.number(), v.string()], CLOSE_TIMEOUT),
      v.check((value) => (readDuration(value) ?? 0) >= 1, CLOSE_TIMEOUT),
    ),
  ),
  handleCrashes: v.optional(v.boolean('must be true or false')),
  exit: v.optional(v.boolean('must be true or false')),
});

/**
 * Checks the options of a run and adds the defaults.
 *
 * @throws {InvalidOptionsError} with every fault
 */
export function resolveRunOptions<App extends SidecarApp>(
  options: RunSidecarAppOptions<App>,
): ResolvedRunOptions<App> {
  const faults = schemaFaults(schema, options, {
    whole: 'options',
    unknown: 'unknown option',
  });
  if (faults.length > 0) throw new InvalidOptionsError(faults, 'runSidecarApp');
  const { closeTimeout } = options;
  return {
    listen: options.listen,
    signals: options.signals ?? END_SIGNALS,
    abortSignal: options.abortSignal,
    secondSignal: options.secondSignal ?? 'exit',
    closeTimeout: closeTimeout === undefined ? undefined : readDuration(closeTimeout),
    handleCrashes: options.handleCrashes ?? true,
    exit: options.exit ?? false,
  };
}
