/** Why the demonstration cannot go on, in words for whoever started it: it is printed without a stack trace. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}

/** What an error says, without its name and stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
