import type { IncomingHttpHeaders } from 'node:http';
import { isIP, isIPv6 } from 'node:net';

/** Why the agent refuses a request before it looks at its path. */
export interface Refusal {
  readonly status: number;
  /** The `code` of an answer in the `node` dialect. */
  readonly code: string;
  readonly message: string;
}

/** The longest part of a header that a message repeats. */
const SHOWN_CHARACTERS = 100;

/**
 * Refuses what a web page could send. Everyone who reaches an agent can register and deregister,
 * and a page in the developer's browser reaches loopback. A browser lets no page set `Origin` or
 * `Host`, and lets it send JSON to another origin only if that origin agrees, which an agent never
 * does. The check of `Host` is for names that resolve to loopback (DNS rebinding).
 */
export class RequestGuard {
  readonly #hosts: ReadonlySet<string>;

  /** @param hosts names beside `localhost` and IP addresses, without a port */
  constructor(hosts: readonly string[]) {
    this.#hosts = new Set(['localhost', ...hosts.map((host) => host.toLowerCase())]);
  }

  /** Returns why a request is refused, or `undefined` if it is not. */
  refusalOf(method: string, headers: IncomingHttpHeaders): Refusal | undefined {
    const { host, origin, 'content-type': contentType } = headers;
    if (!this.#isKnownHost(host)) {
      const advice = 'If your services use this name, add it to the option hosts';
      const message = `the header Host must be localhost or an IP address, got ${shown(host)}. ${advice}`;
      return { status: 403, code: 'host_refused', message };
    }
    if (origin !== undefined && origin.toLowerCase() !== `http://${host?.toLowerCase()}`) {
      const message = `the header Origin must be left out or be http://${host}, got ${shown(origin)}: requests from web pages are refused`;
      return { status: 403, code: 'origin_refused', message };
    }
    if (method === 'POST' && !isJson(contentType)) {
      const message = `the header Content-Type must be application/json, got ${shown(contentType)}`;
      return { status: 415, code: 'content_type_refused', message };
    }
    return undefined;
  }

  #isKnownHost(header: string | undefined): boolean {
    const [, address, name] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(header ?? '') ?? [];
    if (address !== undefined) return isIPv6(address);
    return name !== undefined && (isIP(name) !== 0 || this.#hosts.has(name.toLowerCase()));
  }
}

function isJson(contentType: string | undefined): boolean {
  return /^\s*application\/json\s*(;|$)/i.test(contentType ?? '');
}

function shown(header: string | undefined): string {
  return header === undefined ? 'none' : JSON.stringify(header.slice(0, SHOWN_CHARACTERS));
}
