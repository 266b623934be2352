import type { AgentEndpoint } from './agent-endpoint.js';
import { Redactor } from './redactor.js';

/** The configured headers of every request. Their values are secrets. */
export class AgentHeaders {
  readonly #headers: AgentEndpoint['headers'];
  readonly #redactor = new Redactor();

  constructor(headers: AgentEndpoint['headers']) {
    this.#headers = headers;
    this.#redactor.learn(Object.values(headers));
  }

  /** Returns the headers of the next request. */
  current(): Readonly<Record<string, string>> {
    return this.#headers;
  }

  /** Replaces the values of the headers in a text of the agent or of a library. */
  readonly redact = (text: string): string => this.#redactor.redact(text);
}

const known = new WeakMap<AgentEndpoint, AgentHeaders>();

/**
 * Returns the headers of an endpoint, the same for all that talk to it: what one sent may come back
 * to another.
 */
export function headersOf(endpoint: AgentEndpoint): AgentHeaders {
  const headers = known.get(endpoint) ?? new AgentHeaders(endpoint.headers);
  known.set(endpoint, headers);
  return headers;
}
