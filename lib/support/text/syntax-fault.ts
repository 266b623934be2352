/**
 * What is wrong with a text that is no JSON, with the line and column where the engine tells them. The engine's own message quotes
 * the text, and there may be a secret in it: it is not repeated, and should be nobody's `cause`.
 *
 * @param thrown by `JSON.parse(text)`
 */
export function syntaxFault(text: string, thrown: unknown): string {
  const position = positionOf(thrown instanceof Error ? thrown.message : '', text);
  return position === undefined
    ? 'is no valid JSON'
    : `is no valid JSON, at ${lineAndColumn(text, position)}`;
}

/** Looked for at the end of the message alone: what looks like it before may be quoted. */
function positionOf(message: string, { length }: string): number | undefined {
  if (message === 'Unexpected end of JSON input') return length;
  const position = /at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message)?.[1];
  return position === undefined ? undefined : Number(position);
}

function lineAndColumn(text: string, position: number): string {
  const lines = text.slice(0, position).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
