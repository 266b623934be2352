import * as v from 'valibot';
import { describeIssue } from './describe-issue.js';
import type { Fault } from './fault.js';
import { unknownProperties } from './unknown-properties.js';

/** The words and paths of the faults of one kind of value. */
export interface SchemaWording {
  /** The path of the value as a whole: `options`. */
  readonly whole: string;
  /**
   * Stands before the path of each property: a path with a dot at its end.
   *
   * @default ''
   */
  readonly above?: string;
  /** The message for a property that the schema does not know. */
  readonly unknown: string;
  /**
   * Returns the message for an issue.
   *
   * @default describeIssue
   */
  readonly describe?: (issue: v.BaseIssue<unknown>) => string;
}

/**
 * Returns a fault for each issue that a schema finds, and for each property that it does not know.
 */
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
