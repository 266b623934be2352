import { isIPv4 } from 'node:net';

import type { AgentDialect } from './wire/agent-dialect.js';
import { EmbeddedAgentError } from './embedded-agent.error.js';
import type { WatchStyle } from './wire/watch-frames.js';

/** How an embedded agent is set up. Every option may be left out. */
export interface EmbeddedAgentOptions {
  /**
   * Where it listens: `127.0.0.1` or another `127.…` address, `::1`, or `localhost`. Anything else is refused, since
   * whoever reaches an agent may register and deregister.
   *
   * @default '127.0.0.1'
   */
  host?: string;
  /**
   * The port; 0 takes a free one at the first start and keeps it from then on.
   *
   * @default 0
   */
  port?: number;
  /**
   * Which dialect it speaks. `'both'` answers each body in the dialect it is written in; no real agent does that, so
   * name one to test what a service does with an agent that speaks the other.
   *
   * @default 'both'
   */
  dialect?: AgentDialect | 'both';
  /**
   * Milliseconds between two heartbeats of a watch stream.
   *
   * @default 5000
   */
  heartbeatInterval?: number;
  /**
   * How watch streams are written: `'json'` as newer agents do, `'plain'` (`data: ok`, heartbeats as comments) as those
   * of the flat dialect.
   *
   * @default 'plain' where the dialect is 'flat', otherwise 'json'
   */
  watchStyle?: WatchStyle;
  /**
   * Milliseconds between two attempts to connect to a registered port, which moves an instance from `Registered` to
   * `Serving`. The first attempt is made at once.
   *
   * @default 50
   */
  probe?: number;
}

const DIALECTS: readonly string[] = ['both', 'node', 'flat'];
const STYLES: readonly string[] = ['json', 'plain'];
/** The longest delay a timer of Node.js can wait. */
const LONGEST_DELAY = 2_147_483_647;

/**
 * Fills in the defaults and checks what was given.
 *
 * @throws {@link EmbeddedAgentError} `invalid_options`, naming every fault at once
 */
export function completeOptions(given: EmbeddedAgentOptions): Readonly<Required<EmbeddedAgentOptions>> {
  const { host = '127.0.0.1', port = 0, dialect = 'both', heartbeatInterval = 5_000, probe = 50 } = given;
  const { watchStyle = dialect === 'flat' ? 'plain' : 'json' } = given;
  const faults: string[] = [];
  if (!isLoopback(host)) {
    faults.push(
      `host is ${JSON.stringify(host)}, and an embedded agent listens on loopback only: 127.0.0.1, ::1 or localhost`,
    );
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    faults.push(`port is ${port}, expected 1 to 65535, or 0 for any free one`);
  }
  if (!DIALECTS.includes(dialect))
    faults.push(`dialect is '${dialect}', expected one of ${DIALECTS.join(', ')}`);
  if (!STYLES.includes(watchStyle))
    faults.push(`watchStyle is '${watchStyle}', expected ${STYLES.join(' or ')}`);
  for (const [name, delay] of Object.entries({ heartbeatInterval, probe })) {
    if (!(delay > 0 && delay <= LONGEST_DELAY))
      faults.push(`${name} is ${delay}, expected milliseconds above 0`);
  }
  if (faults.length > 0) {
    throw new EmbeddedAgentError(
      'invalid_options',
      `Cannot set up an embedded agent: ${faults.join('; ')}.`,
      { faults },
    );
  }
  return Object.freeze({ host, port, dialect, heartbeatInterval, watchStyle, probe });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
