import { parseArgs } from 'node:util';
import type { Dialect } from './wire-bodies.js';

export interface InteropOptions {
  /** The agent's address, with the path if it has one. */
  readonly url: URL;
  readonly dialect: Dialect | 'auto';
  /** The time limit of one call, and of the first event of a stream, in milliseconds. */
  readonly timeout: number;
}

/** The command line is invalid. The message says what is expected. */
export class UsageError extends Error {}

const LONGEST_TIMEOUT = 600_000;

/**
 * Reads the command line.
 *
 * @param args without the interpreter and the script
 * @returns `'help'` for `--help`
 * @throws {UsageError}
 */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): InteropOptions | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  const fromEnvironment = env['SIDECAR_AGENT_BASE_URL']?.trim() || undefined;
  return {
    url: readUrl(values.url ?? fromEnvironment ?? 'http://127.0.0.1:15010'),
    dialect: readDialect(values.dialect ?? 'auto'),
    timeout: readTimeout(values.timeout ?? '3s'),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        url: { type: 'string' },
        dialect: { type: 'string' },
        timeout: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    // Node adds advice about arguments that begin with a dash, which this command does not have.
    throw new UsageError(
      String(error instanceof Error ? error.message : error).replace(/\. To specify.*/s, ''),
    );
  }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new UsageError(`--url: must be an address such as http://127.0.0.1:15010, got "${text}"`);
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new UsageError('--url: must not contain user info, a query or a fragment');
  }
  return url;
}

function readDialect(text: string): Dialect | 'auto' {
  if (text === 'node' || text === 'flat' || text === 'auto') return text;
  throw new UsageError(`--dialect: must be node, flat or auto, got "${text}"`);
}

function readTimeout(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text) ?? [];
  const milliseconds = Number(number) * (unit === 's' ? 1_000 : 1);
  if (milliseconds >= 1 && milliseconds <= LONGEST_TIMEOUT) return milliseconds;
  throw new UsageError(`--timeout: must be a time such as 3s, 500ms or 3000, at most 600s, got "${text}"`);
}
