import { parseGoDuration } from '../../support/timing/go-duration.js';
import type { HttpRoute } from '../../service/routes/http-route.js';
import { readHttpRoutes } from './http-routes.js';
import { RefusedRequestError } from './refused-request.error.js';

type JsonObject = Readonly<Record<string, unknown>>;

const DEFAULT_GRACE_PERIOD = 20_000;
/** The longest duration that Go can hold, about 292 years. */
const LONGEST_GO_DURATION = 9_223_372_036_854;

/**
 * Reads the fields of a body and collects what is wrong with them, so that one answer names every fault. Lenient where
 * Go's decoder is: `null` counts as left out, field names match in any letter case, unknown fields do not matter.
 */
export class BodyReader {
  readonly object: JsonObject;
  readonly #mistyped: string[] = [];
  readonly #invalid: string[] = [];

  /** @throws {@link RefusedRequestError} where the body is no JSON object */
  constructor(body: unknown) {
    if (!isObject(body)) throw new RefusedRequestError('invalid_json', ['the body is not a JSON object']);
    this.object = body;
  }

  /** A string that must not be blank; what surrounds it is cut off. */
  text(path: string): string {
    const text = this.optionalText(path).trim();
    if (text === '') this.fault(`${path} is required`);
    return text;
  }

  /** A string as it is, empty where it is left out. */
  optionalText(path: string): string {
    const value = this.#value(path);
    if (typeof value === 'string') return value;
    if (value !== undefined) this.#mistyped.push(`${path} must be a string`);
    return '';
  }

  /** A TCP port, from `lowest` (0 says "none") to 65535. */
  port(path: string, lowest: 0 | 1 = 1): number {
    const port = this.#integer(path);
    if (port < lowest || port > 65_535) this.fault(`${path} is invalid: ${port}`);
    return port;
  }

  weight(path: string): number {
    const weight = this.#integer(path);
    if (weight <= 0) this.fault(`${path} must be greater than zero`);
    return weight;
  }

  methods(path: string, lowestCount: 0 | 1): readonly string[] {
    const value = this.#value(path) ?? [];
    if (!Array.isArray(value) || !value.every((method) => typeof method === 'string')) {
      this.#mistyped.push(`${path} must be an array of strings`);
      return [];
    }
    if (value.length < lowestCount) this.fault(`${path} must not be empty`);
    for (const method of value) {
      if (!method.trim().startsWith('/'))
        this.fault(`method is invalid: ${JSON.stringify(method)}, expected a leading /`);
    }
    return Object.freeze([...value]);
  }

  /** The routes of an HTTP gateway, none where they are left out. */
  httpRoutes(path: string, methods: readonly string[]): readonly HttpRoute[] {
    const { routes, mistyped, invalid } = readHttpRoutes(this.#value(path), methods);
    this.#mistyped.push(...mistyped);
    this.#invalid.push(...invalid);
    return routes;
  }

  /** A grace period in Go's notation, as milliseconds. */
  gracePeriod(path: string): number {
    const text = this.optionalText(path).trim();
    if (text === '') return DEFAULT_GRACE_PERIOD;
    const milliseconds = parseGoDuration(text);
    if (milliseconds === undefined || milliseconds > LONGEST_GO_DURATION) {
      this.fault(`${path} is not a duration: ${JSON.stringify(text)}, expected one like 20s, 1m30s or 500ms`);
    } else if (milliseconds <= 0) {
      this.fault(`${path} must be greater than zero`);
    }
    return milliseconds ?? 0;
  }

  /** Adds a fault that the caller found. */
  fault(message: string): void {
    this.#invalid.push(message);
  }

  /** @throws {@link RefusedRequestError} with all that was found, mistyped fields alone where there are any */
  finish(): void {
    // Go's decoder stops at a mistyped field, before any validation.
    if (this.#mistyped.length > 0) throw new RefusedRequestError('invalid_json', this.#mistyped);
    if (this.#invalid.length > 0) throw new RefusedRequestError('invalid_field', this.#invalid);
  }

  #integer(path: string): number {
    const value = this.#value(path) ?? 0;
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    this.#mistyped.push(`${path} must be an integer`);
    return 0;
  }

  #value(path: string): unknown {
    let value: unknown = this.object;
    for (const name of path.split('.')) {
      if (!isObject(value)) return undefined;
      value = fieldOf(value, name) ?? undefined;
    }
    return value;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldOf(object: JsonObject, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  const key = Object.keys(object).find((candidate) => candidate.toLowerCase() === name);
  return key === undefined ? undefined : object[key];
}
