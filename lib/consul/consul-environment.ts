import { readFile } from 'node:fs/promises';
import { setupError } from '../agent/connection/setup-error.js';
import type { OptionFault } from '../errors/invalid-options.error.js';
import { httpUrl } from '../options/address.schema.js';
import { headerFaults } from '../support/header-faults.js';
import { got } from '../support/schema/got.js';
import { messageOf } from '../support/text/describe-thrown.js';

/** The header of Consul's tokens. */
export const TOKEN_HEADER = 'x-consul-token';

/** Where a Consul agent listens unless configured otherwise. */
const DEFAULT_ADDRESS = '127.0.0.1:8500';

const ADDRESS_EXPECTED =
  'must be host:port, an http or https URL without user info, query or fragment, or unix:///path';

/** The words of Go for true and false. */
const WORDS = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((word) => [word, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((word) => [word, false] as const),
]);

/** Reads the variables that every tool of Consul reads. An empty one counts as absent. */
export class ConsulEnvironment {
  readonly #variables: NodeJS.ProcessEnv;
  readonly faults: OptionFault[] = [];

  constructor(variables: NodeJS.ProcessEnv) {
    this.#variables = variables;
  }

  /** Returns where the Consul agent listens. */
  address(): { baseUrl: string; socketPath?: string } {
    const text = this.#text('CONSUL_HTTP_ADDR') ?? DEFAULT_ADDRESS;
    const scheme = this.#flag('CONSUL_HTTP_SSL') ? 'https' : 'http';
    const [, socketPath] = /^unix:\/\/(\/.+)$/.exec(text) ?? [];
    if (socketPath !== undefined) return { baseUrl: `${scheme}://${DEFAULT_ADDRESS}`, socketPath };
    const secure = scheme === 'https' ? text.replace(/^http:\/\//i, 'https://') : text;
    const url = httpUrl(/^\w+:\/\//.test(secure) ? secure : `${scheme}://${secure}`);
    if (url && !url.username && !url.password && !url.search && !url.hash) return { baseUrl: url.href };
    this.faults.push({ path: 'CONSUL_HTTP_ADDR', message: ADDRESS_EXPECTED + got(text) });
    return { baseUrl: `${scheme}://${DEFAULT_ADDRESS}` };
  }

  /** Returns the TLS options; `undefined` if no variable gives one. */
  tls(): object | undefined {
    const servername = this.#text('CONSUL_TLS_SERVER_NAME');
    const caFile = this.#text('CONSUL_CACERT');
    const certFile = this.#text('CONSUL_CLIENT_CERT');
    const keyFile = this.#text('CONSUL_CLIENT_KEY');
    const rejectUnauthorized = this.#flag('CONSUL_HTTP_SSL_VERIFY') === false ? false : undefined;
    if (certFile && !keyFile) this.#missing('CONSUL_CLIENT_CERT', 'CONSUL_CLIENT_KEY');
    if (keyFile && !certFile) this.#missing('CONSUL_CLIENT_KEY', 'CONSUL_CLIENT_CERT');
    const pair = certFile && keyFile ? { certFile, keyFile } : {};
    const all = { servername, caFile, ...pair, rejectUnauthorized };
    const given = Object.entries(all).filter(([, value]) => value !== undefined);
    return given.length > 0 ? Object.fromEntries(given) : undefined;
  }

  /**
   * Returns the token; a function that reads it from its file again each time; or `undefined` if
   * there is none.
   */
  token(): string | (() => Promise<string | undefined>) | undefined {
    const token = this.#text('CONSUL_HTTP_TOKEN');
    const file = this.#text('CONSUL_HTTP_TOKEN_FILE');
    const faults = token === undefined ? [] : headerFaults({ [TOKEN_HEADER]: token });
    this.faults.push(...faults.map(({ message }) => ({ path: 'CONSUL_HTTP_TOKEN', message })));
    if (file !== undefined) return async () => (await readToken(file)) || token;
    return faults.length > 0 ? undefined : token;
  }

  #text(name: string): string | undefined {
    return this.#variables[name]?.trim() || undefined;
  }

  #flag(name: string): boolean | undefined {
    const text = this.#text(name);
    if (text === undefined || WORDS.has(text)) return WORDS.get(text ?? '');
    this.faults.push({ path: name, message: `must be true or false${got(text)}` });
    return undefined;
  }

  #missing(path: string, other: string): void {
    this.faults.push({ path, message: `needs ${other}` });
  }
}

async function readToken(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (thrown) {
    const message = `CONSUL_HTTP_TOKEN_FILE: cannot be read (${messageOf(thrown)})`;
    throw setupError('ERR_HEADERS', message, thrown);
  }
}
