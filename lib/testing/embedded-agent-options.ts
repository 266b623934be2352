import { isIPv4 } from 'node:net';
import * as v from 'valibot';

import type { AgentDialect } from './agent-dialect.js';
import { EmbeddedAgentError } from './embedded-agent.error.js';
import { LONGEST_DURATION } from '../support/timing/duration.js';
import type { WatchStyle } from './wire/watch-frames.js';

/** The options of an {@link EmbeddedAgent}. All of them are optional. */
export interface EmbeddedAgentOptions {
  /**
   * The loopback address to listen on: `127.0.0.1`, another `127.…` address, `::1` or `localhost`.
   * Other addresses are refused, because everyone who reaches an agent can register and deregister.
   *
   * @default '127.0.0.1'
   */
  host?: string;
  /**
   * The port to listen on, 1 to 65535. With 0 the first start takes a free port, and the agent
   * keeps that port when it stops and starts again.
   *
   * @default 0
   */
  port?: number;
  /**
   * The path of a Unix socket to listen on as well, at most 103 bytes. Only the user who starts the
   * agent can connect to it. A socket that a killed agent left there is replaced. On Windows it is
   * the name of a pipe.
   *
   * @default none
   * @example '/tmp/sidecar-agent.sock'
   */
  socketPath?: string;
  /**
   * The host names by which clients call the agent, beside `localhost` and IP addresses, without a
   * port. A request with another name in its header `Host` is answered 403: it may come from a web
   * page whose name resolves to this host. Other requests that a web page could send are refused as
   * well: those with a header `Origin` other than the agent's own address (403), and a POST whose
   * `Content-Type` is not `application/json` (415). None of them has an effect.
   *
   * @default []
   * @example ['sidecar-agent', 'host.docker.internal']
   */
  hosts?: readonly string[];
  /**
   * The dialect that the agent understands. `'both'` answers each body in the dialect of that body.
   * No real agent does that: set `'node'` or `'flat'` to test your service with an agent that
   * refuses the other dialect.
   *
   * @default 'both'
   */
  dialect?: AgentDialect | 'both';
  /**
   * Milliseconds between two heartbeats of a watch stream, above 0.
   *
   * @default 5000
   */
  heartbeatInterval?: number;
  /**
   * The form of the watch streams: `'json'` as newer agents write them, or `'plain'` (`data: ok`,
   * heartbeats as comments) as agents of the flat dialect do.
   *
   * @default 'plain' if `dialect` is 'flat', otherwise 'json'
   */
  watchStyle?: WatchStyle;
  /**
   * Milliseconds between two attempts to connect to the port of an instance of the node dialect,
   * above 0. The first attempt follows the register immediately. The attempt that succeeds moves
   * the instance from `Registered` to `Serving`. If many instances wait, the time between two
   * attempts is longer: the agent makes at most 200 attempts a second for all of them together.
   *
   * @default 50
   */
  probe?: number;
  /**
   * The most instances that the agent holds, 1 or more, beside those that are deregistered. A
   * register of one more is answered 503, as is one with which the bodies of all held registers
   * would have more than 64 MiB. A single body of more than 8 MiB is answered 413.
   *
   * @default 10000
   */
  maxInstances?: number;
  /**
   * The most watch streams that are open at a time, 1 or more. One more is answered 503.
   *
   * @default 10000
   */
  maxStreams?: number;
  /**
   * Whether registers of the flat dialect publish a route document for their service (its port,
   * version and methods), which is never deleted, as the public agent does: it outlives a
   * deregister, {@link EmbeddedAgent.stop} and {@link EmbeddedAgent.restart}. A register of the
   * same service with another port, version or list of methods is answered 400
   * `route document conflict`; an instance that it was to replace is deregistered before.
   * {@link EmbeddedAgent.forgetRoutes} deletes the document. At most 10 000 are kept.
   *
   * @default true
   */
  routeConflicts?: boolean;
}

/** Options with their defaults. */
export type CompleteAgentOptions = Readonly<
  Required<Omit<EmbeddedAgentOptions, 'socketPath'>> & Pick<EmbeddedAgentOptions, 'socketPath'>
>;

/** The longest path that every system takes for a socket, in bytes: macOS has room for 103. */
const LONGEST_SOCKET_PATH = 103;

const delay = v.custom<number>(
  (value) => typeof value === 'number' && value > 0 && value <= LONGEST_DURATION,
  'must be milliseconds above 0',
);

const count = v.custom<number>(
  (value) => Number.isInteger(value) && Number(value) > 0,
  'must be a whole number above 0',
);

const optionsSchema = v.object({
  host: v.optional(
    v.custom<string>(isLoopback, 'must be a loopback address: 127.0.0.1, ::1 or localhost'),
    '127.0.0.1',
  ),
  port: v.optional(v.custom<number>(isPort, 'must be 1 to 65535, or 0 for a free port'), 0),
  socketPath: v.optional(
    v.custom<string>(isSocketPath, `must be a path of 1 to ${LONGEST_SOCKET_PATH} bytes`),
  ),
  hosts: v.optional(
    v.custom<readonly string[]>(isHostNames, 'must be a list of host names without a port'),
    [],
  ),
  dialect: v.optional(v.picklist(['both', 'node', 'flat'], 'must be "both", "node" or "flat"'), 'both'),
  watchStyle: v.optional(v.picklist(['json', 'plain'], 'must be "json" or "plain"')),
  heartbeatInterval: v.optional(delay, 5_000),
  probe: v.optional(delay, 50),
  maxInstances: v.optional(count, 10_000),
  maxStreams: v.optional(count, 10_000),
  routeConflicts: v.optional(v.boolean('must be true or false'), true),
});

/**
 * Checks the options and adds the defaults.
 *
 * @throws {@link EmbeddedAgentError} `invalid_options`, with every fault
 */
export function completeOptions(given: EmbeddedAgentOptions): CompleteAgentOptions {
  const { issues, output } = v.safeParse(optionsSchema, given);
  if (issues !== undefined) {
    const faults = issues.map((issue) => {
      const option = v.getDotPath(issue) ?? 'options';
      return `${option}: ${issue.message}, got ${issue.received}`;
    });
    throw new EmbeddedAgentError(
      'invalid_options',
      `Cannot create the embedded agent: ${faults.join('; ')}.`,
      { faults },
    );
  }
  const watchStyle = output.watchStyle ?? (output.dialect === 'flat' ? 'plain' : 'json');
  return Object.freeze({ ...output, watchStyle });
}

function isLoopback(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  return value === 'localhost' || value === '::1' || (isIPv4(value) && value.startsWith('127.'));
}

function isSocketPath(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= LONGEST_SOCKET_PATH;
}

function isHostNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === 'string' && /^[\w.-]+$/.test(name));
}

function isPort(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535;
}
