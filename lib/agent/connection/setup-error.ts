const CODES = ['ERR_HEADERS', 'ERR_TLS_FILE', 'ERR_TLS_OPTIONS', 'ERR_TLS_SERVER_IDENTITY'] as const;

/**
 * Why a request was not sent, or a connection not used, by what an option holds. The message names
 * the option. Those of TLS have a code that begins as Node's codes of TLS do.
 */
export type SetupCode = (typeof CODES)[number];

/** Builds the error of an option that keeps the module from sending or connecting. */
export function setupError(code: SetupCode, message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, cause === undefined ? {} : { cause }), { code });
}

/** Returns whether an error of this code has a message that names the option at fault. */
export function isSetupCode(code: string): boolean {
  return (CODES as readonly string[]).includes(code);
}
