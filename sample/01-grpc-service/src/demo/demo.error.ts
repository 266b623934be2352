/** The demonstration cannot continue. The message is for users and is printed without a stack. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}

/** Returns the message of an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
