import type { AgentKind } from '../agent/connection/agent-kind.js';
import { refusesCredentials } from '../agent/protocol/refused-credentials.js';
import { hasToken } from './consul-connection.js';
import { isRecord } from '../support/shape.js';

/** Consul says it also if it has just started, and has not heard of its ACLs yet. */
const ACL_NOT_FOUND = /ACL not found/i;

/** What Consul says of a registration that it cannot read: it does not know one of the fields. */
const UNKNOWN_FIELD = /decode failed|unknown field|invalid config key/i;

type Origins = Pick<AgentKind, 'origins' | 'refusalAdvice'>;

/**
 * Returns what has set the options that are not given: the variables of Consul. Errors name it. The
 * path of a file is no secret.
 */
export function settingOrigins(
  { tls, headers }: Readonly<Record<string, unknown>>,
  variables: NodeJS.ProcessEnv,
): Origins {
  const isSet = (name: string) => Boolean(variables[name]?.trim());
  const origins = {
    'tls.caFile': 'CONSUL_CACERT',
    'tls.certFile': 'CONSUL_CLIENT_CERT',
    'tls.keyFile': 'CONSUL_CLIENT_KEY',
  };
  const file = variables.CONSUL_HTTP_TOKEN_FILE?.trim();
  const inVariable = isSet('CONSUL_HTTP_TOKEN') ? 'CONSUL_HTTP_TOKEN' : undefined;
  const variable = file ? `the file ${file} (CONSUL_HTTP_TOKEN_FILE)` : inVariable;
  const refusalAdvice = (statusCode: number, reason: string) => {
    if (statusCode === 400 && UNKNOWN_FIELD.test(reason))
      return 'check the option service of consulProviders';
    if (!refusesCredentials(statusCode)) return '';
    const when = ACL_NOT_FOUND.test(reason) ? 'if it stays so, ' : '';
    return `${when}check the token: ${tokenOf(headers, variable)}`;
  };
  return { origins: tls === undefined ? origins : {}, refusalAdvice };
}

function tokenOf(headers: unknown, variable: string | undefined): string {
  if (typeof headers === 'function') return ['the option headers', variable].filter(Boolean).join(', or ');
  if (isRecord(headers) && hasToken(headers)) return 'the option headers';
  return variable ?? 'CONSUL_HTTP_TOKEN, or the header x-consul-token';
}
