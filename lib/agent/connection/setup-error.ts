const CODES = ['ERR_HEADERS', 'ERR_TLS_FILE', 'ERR_TLS_OPTIONS', 'ERR_TLS_SERVER_IDENTITY'] as const;

/**
 * Why a request was not sent, or a connection not used, by what an option holds. The message names
 * the option. Those of TLS have a code that begins as Node's codes of TLS do.
 */
export type SetupCode = (typeof CODES)[number];

/** The errors that this module has built: your code may give an error the same code. */
const built = new WeakSet();

/** Builds the error of an option that keeps the module from sending or connecting. */
export function setupError(code: SetupCode, message: string, cause?: unknown): Error {
  const error = Object.assign(new Error(message, cause === undefined ? {} : { cause }), { code });
  built.add(error);
  return error;
}

/** Returns whether an error is one that {@link setupError} has built. */
export function isSetupError(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && built.has(thrown);
}

/** Returns whether an error of this code has a message that names the option at fault. */
export function isSetupCode(code: string): boolean {
  return (CODES as readonly string[]).includes(code);
}
