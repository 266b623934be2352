import * as v from 'valibot';
import type { TlsOptions } from '../agent/connection/agent-endpoint.js';
import type { OptionFault } from '../errors/invalid-options.error.js';
import { plainObject } from './plain-object.schema.js';
import { requireTls } from '../support/late-packages.cjs';
import { propertyOf } from '../support/shape.js';
import { messageOf } from '../support/text/describe-thrown.js';

const string = v.string('must be a string');
const text = v.pipe(string, v.regex(/\S/, 'must not be blank'));
const version = v.picklist(
  ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
  'must be "TLSv1.3", "TLSv1.2", "TLSv1.1" or "TLSv1"',
);

const isBytes = (value: unknown) => typeof value === 'string' || ArrayBuffer.isView(value);
const isPem = (value: unknown) =>
  isBytes(value) && !(typeof value === 'string' && !value.includes('-----BEGIN '));

/** A value or a list of values, as Node takes them. */
function oneOrMore(isValue: (value: unknown) => boolean, message: string) {
  return v.optional(
    v.custom(
      (value) => (Array.isArray(value) ? value.length > 0 && value.every(isValue) : isValue(value)),
      message,
    ),
  );
}

const pem = (name: string) =>
  `must be a PEM text, a Buffer, or a list of them; the path of a file goes into tls.${name}File`;

/** The TLS options of the connections to the agent. */
export const tls = v.object({
  ca: oneOrMore(isPem, pem('ca')),
  cert: oneOrMore(isPem, pem('cert')),
  key: oneOrMore((value) => isPem(value) || isPem(propertyOf(value, 'pem')), pem('key')),
  pfx: oneOrMore(
    (value) => isBytes(value) || isBytes(propertyOf(value, 'buf')),
    'must be a Buffer, or a list of Buffers or of { buf, passphrase }',
  ),
  passphrase: v.optional(string),
  caFile: v.optional(text),
  certFile: v.optional(text),
  keyFile: v.optional(text),
  servername: v.optional(text),
  rejectUnauthorized: v.optional(v.boolean('must be true or false')),
  minVersion: v.optional(version),
  maxVersion: v.optional(version),
  checkServerIdentity: v.optional(v.function('must be a function')),
});

/** Returns the faults between TLS options that are right by themselves. */
export function tlsFaults(options: TlsOptions): OptionFault[] {
  if (!v.is(plainObject, options)) return [{ path: 'tls', message: 'must be an object' }];
  const faults: OptionFault[] = [];
  for (const name of ['ca', 'cert', 'key'] as const) {
    if (options[name] === undefined || options[`${name}File`] === undefined) continue;
    faults.push({
      path: `tls.${name}File`,
      message: `cannot be combined with tls.${name}: leave one of them out`,
    });
  }
  for (const [name, other] of [
    ['cert', 'key'],
    ['key', 'cert'],
  ] as const) {
    if (options[`${name}File`] === undefined) continue;
    if (options[other] !== undefined || options[`${other}File`] !== undefined) continue;
    faults.push({ path: `tls.${name}File`, message: `needs tls.${other}File or tls.${other}` });
  }
  return faults.length > 0 ? faults : contextFaults(options);
}

/**
 * Tries the options that are given as values: OpenSSL alone can tell whether a certificate can be
 * read, and fits its key. Its messages do not show what it was given.
 */
function contextFaults(options: TlsOptions): OptionFault[] {
  const { ca, minVersion, maxVersion, certFile, keyFile } = options;
  // A certificate in a file is read with its key, at each connection.
  const isRead = certFile !== undefined || keyFile !== undefined;
  // Loaded here, since it takes time and few services need it.
  const { createSecureContext } = requireTls() as typeof import('node:tls');
  try {
    createSecureContext(isRead ? { ca, minVersion, maxVersion } : options);
    return [];
  } catch (thrown) {
    return [{ path: 'tls', message: `cannot be used: ${messageOf(thrown)}` }];
  }
}
