import type { AgentRequest } from '../agent-request.js';

/** How much a log keeps. */
export interface RequestLogBounds {
  readonly requests: number;
  /** Characters of all bodies together. */
  readonly characters: number;
}

/** The latest requests an agent has seen: bounded, so that a test that runs for hours does not fill the memory. */
export class RequestLog {
  readonly #bounds: RequestLogBounds;
  readonly #requests: AgentRequest[] = [];
  #characters = 0;

  constructor(bounds: RequestLogBounds = { requests: 10_000, characters: 64 * 1024 * 1024 }) {
    this.#bounds = bounds;
  }

  /** The oldest first. */
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

  /** Notes what was answered, and returns the request with it. */
  answered(request: AgentRequest, status: number): AgentRequest {
    const answered = Object.freeze({ ...request, status });
    const index = this.#requests.lastIndexOf(request);
    if (index !== -1) this.#requests[index] = answered;
    return answered;
  }
}
