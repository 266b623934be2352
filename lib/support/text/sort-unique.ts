/** Returns texts in the order of their UTF-16 code units, each once. */
export function sortUnique(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort();
}
