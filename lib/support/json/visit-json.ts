import { type JSONVisitor, visit } from 'jsonc-parser';

/** jsonc-parser recurses: somewhere between 4000 and 8000 levels it overflows Node's stack. */
export const MAX_DEPTH = 1_000;

/** A text is nested deeper than it can be visited; the message says where. */
export class JsonDepthError extends Error {}

/**
 * Visits a text by the grammar of `JSON.parse`: without comments and trailing commas.
 *
 * @throws {JsonDepthError} if the text is nested deeper than {@link MAX_DEPTH} levels
 */
export function visitJson(text: string, visitor: JSONVisitor): void {
  visit(text, limitDepth(visitor), {
    disallowComments: true,
    allowTrailingComma: false,
    allowEmptyContent: false,
  });
}

function limitDepth(visitor: JSONVisitor): JSONVisitor {
  let depth = 0;
  const enter = (line: number, column: number) => {
    depth += 1;
    if (depth <= MAX_DEPTH) return;
    throw new JsonDepthError(`nested deeper than ${MAX_DEPTH} levels at ${formatPlace(line, column)}`);
  };
  return {
    ...visitor,
    onObjectBegin: (offset, length, line, column, path) => {
      enter(line, column);
      return visitor.onObjectBegin?.(offset, length, line, column, path);
    },
    onObjectEnd: (...place) => {
      depth -= 1;
      visitor.onObjectEnd?.(...place);
    },
    onArrayBegin: (offset, length, line, column, path) => {
      enter(line, column);
      return visitor.onArrayBegin?.(offset, length, line, column, path);
    },
    onArrayEnd: (...place) => {
      depth -= 1;
      visitor.onArrayEnd?.(...place);
    },
  };
}

/** Writes a place as editors count it, from 1; jsonc-parser counts from 0. */
export function formatPlace(line: number, column: number): string {
  return `line ${line + 1}, column ${column + 1}`;
}
