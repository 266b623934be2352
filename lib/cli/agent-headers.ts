import * as v from 'valibot';
import { headers as headersSchema } from '../options/headers.schema.js';
import { CliError } from './cli.error.js';

/** The variable with the headers of every call that a command makes: one `name: value` a line. */
export const HEADERS_VARIABLE = 'SIDECAR_AGENT_HEADERS';

/**
 * Reads the headers for the agent, such as a token. They come from the environment only, since
 * every user of the host can read the arguments of a process.
 *
 * @throws {CliError} if they are not valid; it shows no value
 */
export function readAgentHeaders(text = process.env[HEADERS_VARIABLE] ?? ''): Record<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const headers = Object.fromEntries(
    lines.map((line, index) => {
      const colon = line.indexOf(':');
      if (colon < 1) throw invalid(`line ${index + 1} must be "name: value"`);
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );
  const { issues } = v.safeParse(headersSchema, headers);
  if (issues) throw invalid(issues.map(({ message }) => message).join('; '));
  return headers;
}

function invalid(reason: string): CliError {
  return new CliError(`${HEADERS_VARIABLE}: ${reason}`, 2);
}
