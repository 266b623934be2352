import * as v from 'valibot';
import { describeIssue } from './describe-issue.js';
import type { Fault } from './fault.js';
import { unknownProperties } from './unknown-properties.js';

/** How the faults that a schema finds are named and worded. */
export interface SchemaWording {
  /** The path of the value as a whole. */
  readonly whole: string;
  /**
   * The beginning of every other path: a path that ends with a dot.
   * @default none
   */
  readonly above?: string;
  /**
   * The message for a property that the schema does not list: `unknown option`.
   * @default 'unknown'
   */
  readonly unknown?: string;
  /**
   * Returns whether a fault at this path must not show what was given.
   * @default no fault hides it
   */
  readonly isConfidential?: (path: string, value: unknown) => boolean;
}

/**
 * Returns every fault that a schema finds in a value, properties that it does not list included.
 */
export function schemaFaults(
  schema: v.GenericSchema,
  given: unknown,
  { whole, above = '', unknown = 'unknown', isConfidential = () => false }: SchemaWording,
): Fault[] {
  const { issues = [] } = v.safeParse(schema, given, { abortPipeEarly: true });
  const faults = issues.map((issue) => {
    const within = v.getDotPath(issue);
    const path = within === null ? whole : above + within;
    return { path, message: describeIssue(issue, isConfidential(path, issue.input)) };
  });
  return [...faults, ...unknownProperties(given, schema, unknown, above)];
}
