import { parseArgs } from 'node:util';

export interface Settings {
  /** How much later than the agent the routers know a state, in milliseconds. */
  readonly lag: number;
  /** Whether the last line is the summary as JSON. */
  readonly json: boolean;
}

/** A fault of the command line. The message is for users and is printed without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws {UsageError} */
export function readSettings(args: readonly string[]): Settings {
  const { lag, json } = parse(args);
  const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(lag) ?? [];
  if (seconds === undefined || Number(seconds) > 15) {
    throw new UsageError(`--lag: must be seconds from "0s" to "15s", got "${lag}"`);
  }
  return { lag: Number(seconds) * 1_000, json };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { lag: { type: 'string', default: '6s' }, json: { type: 'boolean', default: false } },
    }).values;
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
