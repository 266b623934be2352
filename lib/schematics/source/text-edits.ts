/** Replaces a part of a text; an insertion if both ends are the same. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Applies edits that do not overlap. Those at the same place stay in their order. They get the line
 * breaks of the text.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const inOrder = [...edits].sort((one, other) => one.start - other.start);
  let result = '';
  let end = 0;
  for (const edit of inOrder) {
    result += text.slice(end, edit.start) + edit.text.replace(/\r?\n/g, lineBreak);
    end = edit.end;
  }
  return result + text.slice(end);
}

/** Returns the white space at the start of the line that contains this place. */
export function indentAt(text: string, place: number): string {
  const lineStart = text.lastIndexOf('\n', place - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';
}
