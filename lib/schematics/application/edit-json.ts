import { applyEdits, modify, type JSONPath } from 'jsonc-parser';

/**
 * Sets a value in a JSON text. The rest of the text, comments included, stays as it is.
 *
 * @param sorted whether a new key goes before the first greater one, as package managers write it
 */
export function editJson(text: string, path: JSONPath, value: unknown, sorted = false): string {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  const key = String(path.at(-1));
  const edits = modify(text, path, value, {
    formattingOptions: {
      insertSpaces: !indent.startsWith('\t'),
      tabSize: indent.startsWith('\t') ? 1 : indent.length,
      eol: text.includes('\r\n') ? '\r\n' : '\n',
    },
    getInsertionIndex: sorted
      ? (keys) => {
          const index = keys.findIndex((each) => each > key);
          return index < 0 ? keys.length : index;
        }
      : undefined,
  });
  return applyEdits(text, edits);
}
