import * as v from 'valibot';

import { isRecord } from '../../support/shape.js';
import { RefusedRequestError } from './refused-request.error.js';

/**
 * Reads a body by its schema. The error names every fault, in the order of the schema's fields.
 *
 * @throws {@link RefusedRequestError} `invalid_json` if a field is mistyped: Go's decoder stops
 * there, before it validates; otherwise `invalid_field`
 */
export function readBody<const Schema extends v.GenericSchema>(
  schema: Schema,
  body: unknown,
): v.InferOutput<Schema> {
  const { issues, output } = v.safeParse(schema, jsonObject(body));
  if (issues === undefined) return output;
  const mistyped = issues.filter(({ kind }) => kind === 'schema');
  if (mistyped.length > 0) throw new RefusedRequestError('invalid_json', mistyped.map(describe));
  throw new RefusedRequestError('invalid_field', issues.map(describe));
}

/** @throws {@link RefusedRequestError} `invalid_json` if a body is not a JSON object */
export function jsonObject(body: unknown): Readonly<Record<string, unknown>> {
  if (isRecord(body)) return body;
  throw new RefusedRequestError('invalid_json', ['the body is not a JSON object']);
}

/** Adds a check of several fields to a schema. Its faults name these fields themselves. */
export function checkTogether<Body>(findFaults: (body: Body) => readonly string[]) {
  return v.rawCheck<Body>(({ dataset, addIssue }) => {
    if (dataset.typed) for (const message of findFaults(dataset.value)) addIssue({ message });
  });
}

/** Puts the path before the message, unless the message names the field or the list item itself. */
function describe(issue: v.BaseIssue<unknown>): string {
  const path = issue.type === 'check_items' ? null : v.getDotPath(issue);
  return path === null ? issue.message : `${path.replace(/\.(\d+)/g, '[$1]')} ${issue.message}`;
}
