import { readFile } from 'node:fs/promises';
import { type ConnectionOptions, type PeerCertificate } from 'node:tls';
import { hasMethods, propertyOf } from '../../support/shape.js';
import { kindOf } from '../../support/text/describe-value.js';
import { messageOf } from '../../support/text/describe-thrown.js';
import type { TlsOptions } from './agent-endpoint.js';
import type { AgentKind } from './agent-kind.js';
import { codeOf } from './error-code.js';
import { isError } from './foreign-error.js';
import { setupError } from './setup-error.js';

const FILES = ['ca', 'cert', 'key'] as const;

/** Returns whether TLS options name files, which are read for each connection. */
export function namesFiles(tls: TlsOptions | undefined): tls is TlsOptions {
  return tls !== undefined && FILES.some((name) => tls[`${name}File`] !== undefined);
}

/**
 * Reads the files that TLS options name, so that a certificate that was renewed is used.
 *
 * @param origins what has set an option in place of your code, by its path
 * @throws {Error} `ERR_TLS_FILE` if a file cannot be read
 */
export async function readTlsFiles(tls: TlsOptions, origins: AgentKind['origins'] = {}): Promise<TlsOptions> {
  const nameOf = (option: string) => origins[option] ?? option;
  const { caFile, certFile, keyFile, ...values } = tls;
  const [ca = values.ca, cert = values.cert, key = values.key] = await Promise.all([
    read(nameOf('tls.caFile'), caFile),
    read(nameOf('tls.certFile'), certFile),
    read(nameOf('tls.keyFile'), keyFile),
  ]);
  return { ...values, ca, cert, key };
}

async function read(name: string, path: string | undefined): Promise<Buffer | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path);
  } catch (thrown) {
    const reason = codeOf(thrown) || messageOf(thrown);
    throw setupError('ERR_TLS_FILE', `${name}: cannot read ${path} (${reason})`, thrown);
  }
}

/**
 * Returns the options of `tls.connect`. Node calls `checkServerIdentity` in an event of the socket:
 * if it threw there, the process would end.
 */
export function connectionOptions(tls: TlsOptions | undefined): ConnectionOptions {
  const check = tls?.checkServerIdentity;
  if (!check) return { ...tls };
  return {
    ...tls,
    checkServerIdentity: (host, certificate) => checked(check, host, certificate),
  };
}

type Check = NonNullable<TlsOptions['checkServerIdentity']>;

function checked(check: Check, host: string, certificate: PeerCertificate): Error | undefined {
  let result: unknown;
  try {
    result = check(host, certificate);
  } catch (thrown) {
    return identityError('failed', thrown);
  }
  if (result === undefined || result === null || result === false) return undefined;
  if (propertyOf(result, 'code') !== undefined && isError(result)) return result;
  if (!hasMethods(result, 'then')) return identityError('refused the certificate', result);
  // Nothing waits for a promise: its rejection would end the process.
  result.then(undefined, () => {});
  const message = 'it must return an Error or undefined, got a promise';
  return identityError('failed', new TypeError(message));
}

function identityError(what: string, thrown: unknown): Error {
  // Another object may hold anything, and is not shown.
  const isText = isError(thrown) || typeof thrown === 'string';
  const reason = isText ? messageOf(thrown) : kindOf(thrown);
  return setupError('ERR_TLS_SERVER_IDENTITY', `tls.checkServerIdentity ${what} (${reason})`, thrown);
}
