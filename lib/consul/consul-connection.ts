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
  const scheme = flag('CONSUL_HTTP_SSL') ? 'https' : 'http';
  const isGiven = baseUrl !== undefined || socketPath !== undefined;
  const address = isGiven ? { baseUrl, socketPath } : readAddress(read('CONSUL_HTTP_ADDR'), scheme, faults);
  const url = address.baseUrl ?? `${scheme}://${DEFAULT_ADDRESS}`;
  const isTls = typeof url === 'string' && /^https:/i.test(url);
  const [certFile, keyFile] = [read('CONSUL_CLIENT_CERT'), read('CONSUL_CLIENT_KEY')];
  if (isTls && !keyFile && certFile)
    faults.push({ path: 'CONSUL_CLIENT_CERT', message: 'needs CONSUL_CLIENT_KEY' });
  if (isTls && !certFile && keyFile)
    faults.push({ path: 'CONSUL_CLIENT_KEY', message: 'needs CONSUL_CLIENT_CERT' });
  const files = {
    caFile: read('CONSUL_CACERT'),
    ...(certFile && keyFile && { certFile, keyFile }),
    servername: read('CONSUL_TLS_SERVER_NAME'),
    rejectUnauthorized: flag('CONSUL_HTTP_SSL_VERIFY'),
  };
  const token = readToken(read('CONSUL_HTTP_TOKEN'), read('CONSUL_HTTP_TOKEN_FILE'), faults);
  return {
    ...address,
    baseUrl: url,
    headers: token ? withToken(headers, token) : headers,
    tls: tls ?? (isTls ? files : undefined),
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

/** Adds the token, unless the headers have one. What are no headers stays as it is. */
function withToken(headers: unknown, token: Token): unknown {
  const add = (given: unknown = {}, value?: string) =>
    v.is(plainObject, given) && value && !hasToken(given) ? { ...given, [TOKEN]: value } : given;
  const ask = typeof headers === 'function' ? (headers as () => unknown) : undefined;
  if (!ask && !v.is(plainObject, headers ?? {})) return headers;
  if (!ask && typeof token === 'string') return add(headers, token);
  return async () => {
    const given = ask ? await ask() : headers;
    return add(given, typeof token === 'string' ? token : await token());
  };
}

function hasToken(headers: Given): boolean {
  return Object.keys(headers).some((name) => [TOKEN, 'authorization'].includes(name.toLowerCase()));
}
