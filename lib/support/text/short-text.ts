/**
 * Returns a text, cut to a number of characters. It is a copy: V8 keeps the whole text in memory
 * for as long as a part of it.
 */
export function shortText(text: string, limit: number): string {
  const copy = JSON.parse(JSON.stringify(text.slice(0, limit))) as string;
  return text.length > limit ? `${copy}…` : copy;
}
