import { headerFaults } from '../../support/header-faults.js';
import { outsideCallers } from '../../support/outside-callers.js';
import { messageOf } from '../../support/text/describe-thrown.js';
import type { AgentEndpoint, HeaderValues } from './agent-endpoint.js';
import { Redactor } from './redactor.js';
import { isSetupError, setupError } from './setup-error.js';

/** The configured headers of every request. Their values are secrets. */
export class AgentHeaders {
  readonly #headers: AgentEndpoint['headers'];
  readonly #redactor = new Redactor();

  constructor(headers: AgentEndpoint['headers']) {
    this.#headers = headers;
    if (typeof headers !== 'function') this.#redactor.learn(Object.values(headers));
  }

  /**
   * Returns the headers of the next request. If they come from a function, it is asked each time,
   * and the caller limits how long that may take.
   *
   * @throws {Error} `ERR_HEADERS` if the function fails, or returns what cannot be sent
   */
  async current(): Promise<HeaderValues> {
    if (typeof this.#headers !== 'function') return this.#headers;
    const given = await this.#ask(this.#headers);
    if (!isPlain(given)) throw invalid('must return an object of names and values, or a promise of one');
    const [fault] = headerFaults(given);
    if (fault)
      throw invalid(`returned a header that cannot be sent: ${[fault.name, fault.message].join(' ').trim()}`);
    const headers = { ...given } as HeaderValues;
    this.#redactor.learn(Object.values(headers));
    return headers;
  }

  /** Replaces the values of the headers in a text of the agent or of a library. */
  readonly redact = (text: string): string => this.#redactor.redact(text);

  async #ask(headers: () => unknown): Promise<unknown> {
    try {
      // A request that your code sends to get them is not part of the call to the agent.
      return await outsideCallers(headers);
    } catch (thrown) {
      // The function of the module itself, which reads a token from its file, says more.
      if (isSetupError(thrown)) throw thrown;
      const reason = this.redact(messageOf(thrown));
      throw setupError('ERR_HEADERS', `headers: the function failed (${reason})`, thrown);
    }
  }
}

/** A list, a map or a `Headers` is refused: its entries are not properties. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function invalid(reason: string): Error {
  return setupError('ERR_HEADERS', `headers: the function ${reason}`);
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
