import { parseArgs } from 'node:util';
import type { Dialect } from './wire-bodies.js';

export interface InteropOptions {
  /** The agent's address, a path below it included. */
  readonly url: URL;
  readonly dialect: Dialect | 'auto';
  /** Milliseconds that one call may take, and the first event of a stream. */
  readonly timeout: number;
}

/** A command line that cannot be used: its message says what to write instead. */
export class UsageError extends Error {}

const LONGEST_TIMEOUT = 600_000;

/**
 * Reads the command line.
 *
 * @param args without the interpreter and the script
 * @returns `'help'` where that is asked for
 * @throws {UsageError}
 */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): InteropOptions | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  const fromEnvironment = env['SIDECAR_AGENT_URL']?.trim() || undefined;
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
    // Node goes on with advice about arguments that begin with a dash, and here there are none.
    throw new UsageError(
      String(error instanceof Error ? error.message : error).replace(/\. To specify.*/s, ''),
    );
  }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new UsageError(`--url is "${text}", expected an address such as http://127.0.0.1:15010`);
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new UsageError('--url must have no user info, no query and no fragment');
  }
  return url;
}

function readDialect(text: string): Dialect | 'auto' {
  if (text === 'node' || text === 'flat' || text === 'auto') return text;
  throw new UsageError(`--dialect is "${text}", expected node, flat or auto`);
}

function readTimeout(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text) ?? [];
  const milliseconds = Number(number) * (unit === 's' ? 1_000 : 1);
  if (milliseconds >= 1 && milliseconds <= LONGEST_TIMEOUT) return milliseconds;
  throw new UsageError(`--timeout is "${text}", expected a time such as 3s, 500ms or 3000, at most 600s`);
}
