import type { AgentRequest } from '../agent-request.js';

/** The limits of a {@link RequestLog}. */
export interface RequestLogBounds {
  readonly requests: number;
  /** Characters in all bodies together. */
  readonly characters: number;
}

/** The latest requests of an agent, limited so that a test of many hours does not fill memory. */
export class RequestLog {
  readonly #bounds: RequestLogBounds;
  readonly #requests: AgentRequest[] = [];
  #characters = 0;

  constructor(bounds: RequestLogBounds = { requests: 10_000, characters: 64 * 1024 * 1024 }) {
    this.#bounds = bounds;
  }

  /** Returns the requests, oldest first. */
  snapshot(): readonly AgentRequest[] {
    return [...this.#requests];
  }

  add(request: AgentRequest): void {
    this.#requests.push(request);
    this.#characters += request.rawBody.length;
    while (this.#requests.length > this.#bounds.requests || this.#characters > this.#bounds.characters) {
      const oldest = this.#requests.shift();
      if (oldest === undefined) return;
      this.#characters -= oldest.rawBody.length;
    }
  }

  /** Adds the status of the answer to a request, and returns that request. */
  answered(request: AgentRequest, status: number): AgentRequest {
    const answered = Object.freeze({ ...request, status });
    const index = this.#requests.lastIndexOf(request);
    if (index !== -1) this.#requests[index] = answered;
    return answered;
  }
}
