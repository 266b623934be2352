import { RefusedRequestError } from '../wire/refused-request.error.js';
import type { RouteDocument } from '../wire/route-document.js';

/** The number of documents that are kept. The oldest is dropped for a new one. */
const DOCUMENTS_LIMIT = 10_000;

/**
 * The route documents of services. Agents keep them in a store outside of themselves and never
 * delete them, so they outlive a deregister and a restart of the agent.
 */
export class RouteDocuments {
  readonly #documents = new Map<string, RouteDocument>();

  /** @throws {@link RefusedRequestError} `route_conflict` if the service published other routes */
  publish(document: RouteDocument): void {
    const published = this.#documents.get(document.key);
    if (published !== undefined && published.content !== document.content) {
      throw new RefusedRequestError('route_conflict', ['route document conflict']);
    }
    this.#documents.set(document.key, document);
    const [oldest] = this.#documents.keys();
    if (this.#documents.size > DOCUMENTS_LIMIT && oldest !== undefined) this.#documents.delete(oldest);
  }

  /** Returns the document that is published under a key. */
  find(key: string): RouteDocument | undefined {
    return this.#documents.get(key);
  }

  /** Deletes the documents of a service in all environments; returns whether there was one. */
  forget(service: string): boolean {
    const keys = [...this.#documents.values()]
      .filter((document) => document.service === service)
      .map(({ key }) => key);
    for (const key of keys) this.#documents.delete(key);
    return keys.length > 0;
  }
}
