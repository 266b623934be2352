import type { Fault } from '../schema/fault.js';
import { formatJsonPath } from './json-path.js';
import { formatPlace, JsonDepthError, visitJson } from './visit-json.js';

/**
 * Returns where a text breaks the grammar of JSON: `not valid JSON at line 3, column 7`. It never
 * quotes the text, as the message of `JSON.parse` does: the text may hold secrets.
 *
 * @param text a text that `JSON.parse` refuses
 */
export function syntaxFault(text: string): string {
  let place: string | undefined;
  const tooDeep = visit(text, {
    onError: (_error, _offset, _length, line, column) => {
      place ??= formatPlace(line, column);
    },
  });
  if (place !== undefined) return `not valid JSON at ${place}`;
  return tooDeep ? `not valid JSON: ${tooDeep.message}` : 'not valid JSON';
}

/**
 * Finds the keys that an object repeats. `JSON.parse` keeps the last of them without a word, so a
 * `methods` that is written twice would lose half of its entries.
 *
 * @param text a text that `JSON.parse` accepts; nothing is searched after a value nested deeper
 * than 1000 levels
 * @returns one fault for each repeat, in the order of the text
 */
export function duplicateKeys(text: string): Fault[] {
  const faults: Fault[] = [];
  const openObjects: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => void openObjects.push(new Set()),
    onObjectEnd: () => void openObjects.pop(),
    onObjectProperty: (key, _offset, _length, line, column, parentPath) => {
      const keys = openObjects.at(-1);
      if (keys?.has(key)) {
        const path = formatJsonPath([...parentPath(), key]);
        faults.push({ path, message: `duplicate key (${formatPlace(line, column)})` });
      }
      keys?.add(key);
    },
  });
  return faults;
}

/** Visits as far as jsonc-parser can; returns the error that ended the visit early. */
function visit(...given: Parameters<typeof visitJson>): JsonDepthError | undefined {
  try {
    visitJson(...given);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof JsonDepthError) return thrown;
    throw thrown;
  }
}
