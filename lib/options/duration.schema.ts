import * as v from 'valibot';
import { LONGEST_DURATION, readDuration } from '../support/timing/duration.js';

/**
 * Where options come from. A number is milliseconds in code only: in a bootstrap file it is
 * nanoseconds, and in a variable it has no unit.
 */
export type OptionOrigin = 'code' | 'settings';

const FORM: Readonly<Record<OptionOrigin, string>> = {
  code: 'a duration such as "20s" or a number of milliseconds',
  settings: 'a duration with its unit such as "20s" or "1m30s"',
};

/** What an option takes. What it takes beside durations is `false` by default. */
export interface DurationOption {
  /** The shortest, in milliseconds; 1 by default. */
  readonly atLeast?: number;
  readonly mayBeZero?: boolean;
  /** An empty text, which means zero. */
  readonly mayBeEmpty?: boolean;
  readonly mayBeBoolean?: boolean;
  /** The word `auto`. */
  readonly mayBeAuto?: boolean;
}

/** Builds the schema of an option that is a duration. */
export function durationSchema(
  origin: OptionOrigin,
  {
    atLeast = 1,
    mayBeZero = false,
    mayBeEmpty = false,
    mayBeBoolean = false,
    mayBeAuto = false,
  }: DurationOption = {},
) {
  const words = `${mayBeBoolean ? 'true, false or ' : ''}${mayBeAuto ? '"auto" or ' : ''}`;
  const form = `${words}${FORM[origin]}`;
  return v.custom(
    (value) =>
      (mayBeEmpty && value === '') ||
      (mayBeAuto && value === 'auto') ||
      (mayBeBoolean && typeof value === 'boolean') ||
      isDuration(value, atLeast, mayBeZero),
    `must be ${form}, ${mayBeZero ? '0 or ' : ''}from ${atLeast} to ${LONGEST_DURATION} ms`,
  );
}

/** Accepts nothing between 0 and 1 ms: the module sends grace periods in whole milliseconds. */
function isDuration(value: unknown, atLeast: number, mayBeZero: boolean): boolean {
  if (typeof value !== 'number' && typeof value !== 'string') return false;
  const milliseconds = readDuration(value) ?? -1;
  return milliseconds >= atLeast || (mayBeZero && milliseconds === 0);
}
