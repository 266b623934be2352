/** Replaces the characters of a text that could change a terminal: services choose their names. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
