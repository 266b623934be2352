import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { setupError } from '../agent/connection/setup-error.js';
import type { OptionFault } from '../errors/invalid-options.error.js';
import { httpUrl } from '../options/address.schema.js';
import { plainObject } from '../options/plain-object.schema.js';
import { headerFaults } from '../support/header-faults.js';
import { got } from '../support/schema/got.js';
import { messageOf } from '../support/text/describe-thrown.js';

/** Options as a user gave them. */
export type Given = Readonly<Record<string, unknown>>;

const TOKEN = 'x-consul-token';
const DEFAULT_ADDRESS = '127.0.0.1:8500';

/** What Go takes for true and false. */
const FLAG = /^(?:(1|t|T|true|TRUE|True)|0|f|F|false|FALSE|False)$/;

/**
 * Returns the options that say where the Consul agent is, and how it is reached: those that are
 * given, otherwise what the variables say that every tool of Consul reads.
 *
 * @param faults gets the faults of the variables
 */
export function consulConnection(given: Given, variables: NodeJS.ProcessEnv, faults: OptionFault[]): Given {
  // An empty variable counts as absent.
  const read = (name: string) => variables[name]?.trim() || undefined;
  const flag = (path: string) => {
    const text = read(path) ?? '';
    const found = FLAG.exec(text);
    if (text && !found) faults.push({ path, message: `must be true or false${got(text)}` });
    return found ? found[1] !== undefined : undefined;
  };
  const { baseUrl, socketPath, headers, tls } = given;
  const scheme = baseUrl === undefined && flag('CONSUL_HTTP_SSL') ? 'https' : 'http';
  const isGiven = baseUrl !== undefined || socketPath !== undefined;
  const address = isGiven ? { baseUrl, socketPath } : readAddress(read('CONSUL_HTTP_ADDR'), scheme, faults);
  const url = address.baseUrl ?? `${scheme}://${DEFAULT_ADDRESS}`;
  const isTls = typeof url === 'string' && /^https:/i.test(url);
  const readFiles = () => {
    const [certFile, keyFile] = [read('CONSUL_CLIENT_CERT'), read('CONSUL_CLIENT_KEY')];
    if (!keyFile && certFile) faults.push({ path: 'CONSUL_CLIENT_CERT', message: 'needs CONSUL_CLIENT_KEY' });
    if (!certFile && keyFile) faults.push({ path: 'CONSUL_CLIENT_KEY', message: 'needs CONSUL_CLIENT_CERT' });
    return {
      caFile: read('CONSUL_CACERT'),
      ...(certFile && keyFile && { certFile, keyFile }),
      servername: read('CONSUL_TLS_SERVER_NAME'),
      rejectUnauthorized: flag('CONSUL_HTTP_SSL_VERIFY'),
    };
  };
  return {
    ...address,
    baseUrl: url,
    headers: withToken(headers, () =>
      readToken(read('CONSUL_HTTP_TOKEN'), read('CONSUL_HTTP_TOKEN_FILE'), faults),
    ),
    tls: tls ?? (isTls ? readFiles() : undefined),
  };
}

/** @param scheme that of an address without one; `https` replaces `http` */
function readAddress(text = DEFAULT_ADDRESS, scheme: string, faults: OptionFault[]): Given {
  const [, socketPath] = /^unix:\/\/(\/.+)$/.exec(text) ?? [];
  if (socketPath !== undefined) return { socketPath };
  const full = /^\w+:\/\//.test(text) ? text : `${scheme}://${text}`;
  const url = httpUrl(scheme === 'https' ? full.replace(/^http:/i, 'https:') : full);
  if (url && url.href === url.origin + url.pathname) return { baseUrl: url.href };
  const expected = 'must be host:port, an http or https URL without user info or query, or unix:///path';
  faults.push({ path: 'CONSUL_HTTP_ADDR', message: expected + got(text) });
  return {};
}

type Token = string | (() => Promise<string | undefined>);

/** A file is read again for each call, so that a token can be renewed. */
function readToken(
  token: string | undefined,
  file: string | undefined,
  faults: OptionFault[],
): Token | undefined {
  const [fault] = token === undefined ? [] : headerFaults({ [TOKEN]: token });
  if (fault) faults.push({ path: 'CONSUL_HTTP_TOKEN', message: fault.message });
  if (file === undefined) return fault ? undefined : token;
  return async () => {
    try {
      return (await readFile(file, 'utf8')).trim() || token;
    } catch (thrown) {
      const message = `CONSUL_HTTP_TOKEN_FILE: cannot be read (${messageOf(thrown)})`;
      throw setupError('ERR_HEADERS', message, thrown);
    }
  };
}

/**
 * Adds the token, unless the headers have one. Returns headers with a fault as they are: the check
 * of the options finds it.
 *
 * @param readToken is called only if the token may be needed
 */
function withToken(headers: unknown, readToken: () => Token | undefined): unknown {
  if (typeof headers === 'function') {
    const token = readToken();
    return token === undefined ? headers : asking(headers as () => unknown, token);
  }
  const own = headers === undefined ? {} : headers;
  if (!v.is(plainObject, own) || hasToken(own) || headerFaults(own).length > 0) return headers;
  const token = readToken();
  if (typeof token === 'string') return { ...own, [TOKEN]: token };
  return token === undefined ? headers : asking(() => own, token);
}

/** Returns a function that asks for the headers and, if they have no token, for the token. */
function asking(headers: () => unknown, token: Token): () => Promise<unknown> {
  return async () => {
    const own = await headers();
    if (!v.is(plainObject, own) || hasToken(own)) return own;
    const value = typeof token === 'string' ? token : await token();
    return value === undefined ? own : { ...own, [TOKEN]: value };
  };
}

/** Returns whether headers have a token. */
export function hasToken(headers: Given): boolean {
  return Object.keys(headers).some((name) => [TOKEN, 'authorization'].includes(name.toLowerCase()));
}
