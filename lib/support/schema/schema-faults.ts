import * as v from 'valibot';
import { describe as describeIssue } from './describe-issue.js';
import type { Fault } from './fault.js';
import { unknownProperties } from './unknown-properties.js';

/** How the faults of what a schema describes are worded. */
export interface SchemaWording {
  /** The path of what is given as a whole. */
  readonly whole: string;
  /** What goes before every other path: nothing, or a path with a dot at its end. */
  readonly above?: string;
  /** What an option is that does not exist: `is no option of this module`. */
  readonly unknown: string;
  /** What is said of an issue: what the option must be, and beside a number what it is, unless another wording is given. */
  readonly describe?: (issue: v.BaseIssue<unknown>) => string;
}

/** Everything that a schema finds wrong, and every option that it does not know. */
export function schemaFaults(
  schema: v.GenericSchema,
  given: unknown,
  { whole, above = '', unknown, describe = describeIssue }: SchemaWording,
): Fault[] {
  const { issues = [] } = v.safeParse(schema, given, { abortPipeEarly: true });
  const faults = issues.map((issue) => {
    const path = v.getDotPath(issue);
    return { path: path === null ? whole : above + path, message: describe(issue) };
  });
  return [...faults, ...unknownProperties(given, schema, unknown, above)];
}
