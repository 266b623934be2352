import { validateHeaderName, validateHeaderValue } from 'node:http';

import { AGENT_PATHS, isAgentPath } from './agent-routes.js';
import type { AgentPath } from './agent-routes.js';
import { EmbeddedAgentError } from '../embedded-agent.error.js';

/** An answer that a test scripted: see {@link EmbeddedAgent.failNext}. */
export interface ScriptedFailure {
  /** The HTTP status, 200 to 599. A 200 with `body: { success: false }` is a failure too. */
  status: number;
  /**
   * The body: text is sent as it is, anything else as JSON.
   *
   * @default an error in the dialect of the request
   */
  body?: string | object;
  /**
   * Headers, names in lower case: a `location` for a redirect, another `content-type`.
   *
   * @default {}
   */
  headers?: Record<string, string>;
  /**
   * How many requests are answered like this.
   *
   * @default 1
   */
  times?: number;
  /**
   * Whether the agent does what it was asked before it answers like this, as one that fails halfway.
   *
   * @default false
   */
  landed?: boolean;
}

interface Script {
  readonly failure: ScriptedFailure;
  left: number;
}

/** What a test told the agent to do wrong. It belongs to the test, so a stop or restart of the agent keeps it. */
export class ScriptedFaults {
  readonly #scripts = new Map<string, Script[]>();
  readonly #held = new Map<string, (() => void)[]>();
  readonly #hanging = new Set<string>();

  /** @throws {@link EmbeddedAgentError} `invalid_options` for a failure that cannot be sent */
  failNext(path: AgentPath, failure: ScriptedFailure): void {
    const { status, headers = {}, times = 1 } = failure;
    checkPath(path);
    if (!Number.isInteger(status) || status < 200 || status > 599)
      refuse(`status is ${status}, expected 200 to 599`);
    if (!Number.isInteger(times) || times < 1) refuse(`times is ${times}, expected a whole number above 0`);
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    const scripts = this.#scripts.get(path) ?? [];
    scripts.push({ failure: { ...failure }, left: times });
    this.#scripts.set(path, scripts);
  }

  /** The failure that the next request to a path gets, counted off. */
  take(path: string): ScriptedFailure | undefined {
    const scripts = this.#scripts.get(path);
    const script = scripts?.[0];
    if (scripts === undefined || script === undefined) return undefined;
    script.left -= 1;
    if (script.left === 0) scripts.shift();
    return script.failure;
  }

  hang(path: AgentPath): void {
    checkPath(path);
    this.#hanging.add(path);
  }

  /** Proceeds with what was held, in the order it came. */
  resume(path: AgentPath): void {
    checkPath(path);
    this.#hanging.delete(path);
    const held = this.#held.get(path) ?? [];
    this.#held.delete(path);
    for (const proceed of held) proceed();
  }

  /** Proceeds at once, or at the resume of a path that hangs. */
  pass(path: string, proceed: () => void): void {
    if (!this.#hanging.has(path)) return proceed();
    const held = this.#held.get(path) ?? [];
    held.push(proceed);
    this.#held.set(path, held);
  }
}

function checkPath(path: string): void {
  // A script for a path that nobody calls would never be missed.
  if (!isAgentPath(path))
    refuse(`path is ${JSON.stringify(path)}, expected one of ${AGENT_PATHS.join(', ')}`);
}

function refuse(fault: string): never {
  throw new EmbeddedAgentError('invalid_options', `Cannot script the embedded agent: ${fault}.`, {
    faults: [fault],
  });
}
