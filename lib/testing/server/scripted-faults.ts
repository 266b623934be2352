import { validateHeaderName, validateHeaderValue } from 'node:http';

import { EmbeddedAgentError } from '../embedded-agent.error.js';
import type { ScriptedFailure } from '../scripted-failure.js';
import { LONGEST_DURATION } from '../../support/timing/duration.js';
import { AGENT_PATHS, isAgentPath } from './agent-routes.js';
import type { AgentPath } from './agent-routes.js';

/** The most requests that one path holds. The oldest is dropped for a new one. */
const HELD_LIMIT = 10_000;

interface Script {
  readonly failure: ScriptedFailure;
  left: number;
}

/** The failures that a test scripted. They belong to the test, so a stop or restart keeps them. */
export class ScriptedFaults {
  readonly #scripts = new Map<string, Script[]>();
  readonly #held = new Map<string, (() => void)[]>();
  readonly #hanging = new Set<string>();
  readonly #delays = new Map<string, number>();
  readonly #nextDelays = new Map<string, number[]>();

  /** @throws {@link EmbeddedAgentError} `invalid_options` if the path, status or times is wrong */
  failNext(path: AgentPath, failure: ScriptedFailure): void {
    const { status, headers = {}, times = 1 } = failure;
    checkPath(path);
    if (!Number.isInteger(status) || status < 200 || status > 599)
      refuse(`status: must be 200 to 599, got ${status}`);
    if (!Number.isInteger(times) || times < 1) refuse(`times: must be a whole number above 0, got ${times}`);
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    const scripts = this.#scripts.get(path) ?? [];
    scripts.push({ failure: { ...failure }, left: times });
    this.#scripts.set(path, scripts);
  }

  /** Returns the failure for the next request to a path, and uses it up. */
  take(path: string): ScriptedFailure | undefined {
    const scripts = this.#scripts.get(path);
    const script = scripts?.[0];
    if (scripts === undefined || script === undefined) return undefined;
    script.left -= 1;
    if (script.left === 0) scripts.shift();
    return script.failure;
  }

  /** @throws {@link EmbeddedAgentError} `invalid_options` if the path or the time is wrong */
  slow(path: AgentPath, milliseconds: number): void {
    checkDelay(path, milliseconds);
    this.#delays.set(path, milliseconds);
  }

  /** @throws {@link EmbeddedAgentError} `invalid_options` if the path or the time is wrong */
  delayNext(path: AgentPath, milliseconds: number): void {
    checkDelay(path, milliseconds);
    this.#nextDelays.set(path, [...(this.#nextDelays.get(path) ?? []), milliseconds]);
  }

  /** Returns the delay for the next answer to a path, and uses it up. */
  takeDelay(path: string): number | undefined {
    return this.#nextDelays.get(path)?.shift();
  }

  /** Returns the milliseconds that an answer to a path waits. */
  delayOf(path: string): number {
    return this.#delays.get(path) ?? 0;
  }

  hang(path: AgentPath): void {
    checkPath(path);
    this.#hanging.add(path);
  }

  /** Performs the requests that were held, in the order they arrived. */
  resume(path: AgentPath): void {
    checkPath(path);
    this.#hanging.delete(path);
    const held = this.#held.get(path) ?? [];
    this.#held.delete(path);
    for (const proceed of held) proceed();
  }

  /** Calls `proceed` immediately, or at the resume if the path hangs. */
  pass(path: string, proceed: () => void): void {
    if (!this.#hanging.has(path)) return proceed();
    const held = this.#held.get(path) ?? [];
    held.push(proceed);
    if (held.length > HELD_LIMIT) held.shift();
    this.#held.set(path, held);
  }
}

function checkPath(path: string): void {
  // A misspelled path would otherwise go unnoticed: the script would just never be used.
  if (!isAgentPath(path))
    refuse(`path: must be one of ${AGENT_PATHS.join(', ')}, got ${JSON.stringify(path)}`);
}

function checkDelay(path: string, milliseconds: number): void {
  checkPath(path);
  const isDelay = typeof milliseconds === 'number' && milliseconds >= 0 && milliseconds <= LONGEST_DURATION;
  if (!isDelay) refuse(`milliseconds: must be 0 to ${LONGEST_DURATION}, got ${String(milliseconds)}`);
}

function refuse(fault: string): never {
  throw new EmbeddedAgentError('invalid_options', `Cannot script the embedded agent: ${fault}.`, {
    faults: [fault],
  });
}
