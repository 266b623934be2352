import { propertyOf } from '../../support/shape.js';
import { messageOf } from '../../support/text/describe-thrown.js';
import { SidecarConnectionError } from '../../errors/sidecar-connection.error.js';
import { addressOption, agentAt, type AgentEndpoint, agentKindOf } from './agent-endpoint.js';
import { headersOf } from './agent-headers.js';
import { isSetupCode } from './setup-error.js';
import { codeOf } from './error-code.js';
import { rebuildError } from './foreign-error.js';

/** The codes of a connection that the agent closed or reset. */
const CLOSED = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** The codes of an address that does not exist or at which no process listens. */
const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTSOCK', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

/**
 * Node's codes of a certificate that is refused, of TLS versions or ciphers that do not match, and
 * of an agent that does not speak TLS.
 */
const TLS_FAILURE =
  /CERT|CRL|^(ERR_TLS_|ERR_SSL_|UNABLE_TO_)|^(EPROTO|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$/;

/** Returns whether the agent closed or reset the connection. */
export function isClosedByAgent(thrown: unknown): boolean {
  return CLOSED.has(codeOf(thrown));
}

/** Returns whether no process listens at the agent's address, so that the call never left. */
export function isAgentGone(thrown: unknown): boolean {
  return UNREACHABLE.has(codeOf(thrown));
}

/** Returns whether TLS failed, not the connection under it. */
export function isTlsFailure(thrown: unknown): boolean {
  return TLS_FAILURE.test(codeOf(thrown));
}

/** Returns what failed and what to do about it. */
export function explainFailure(endpoint: AgentEndpoint, thrown: unknown): string {
  const code = codeOf(thrown);
  const agent = agentAt(endpoint);
  if (isSetupCode(code)) return `cannot call ${agent}: ${messageOf(thrown)}`;
  if (UNREACHABLE.has(code)) {
    return `cannot reach ${agent} (${code}): is it running? check ${addressOption(endpoint)}`;
  }
  return `the connection to ${agent} failed (${code || messageOf(thrown)})${adviceOn(code, endpoint, thrown)}`;
}

function adviceOn(code: string, endpoint: AgentEndpoint, thrown: unknown): string {
  const kind = agentKindOf(endpoint);
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') {
    return `; ${kind.plainAdvice}`;
  }
  if (TLS_FAILURE.test(code)) return `; ${kind.tlsAdvice}`;
  if (code === 'UND_ERR_SOCKET')
    return `; it closed the connection: if it stays so, check ${addressOption(endpoint)}`;
  // The codes of undici's HTTP parser, and its error, since undici 7.30 leaves the code out.
  const isNoHttp = code.startsWith('HPE_') || propertyOf(thrown, 'name') === 'HTTPParserError';
  return isNoHttp ? `; the answer is not HTTP: check ${addressOption(endpoint)}` : '';
}

/** Returns the error of a call that failed. */
export function connectionFailure(endpoint: AgentEndpoint, thrown: unknown): SidecarConnectionError {
  if (thrown instanceof SidecarConnectionError) return thrown;
  const cause = rebuildError(thrown, headersOf(endpoint).redact);
  return new SidecarConnectionError(endpoint.origin, codeOf(cause), explainFailure(endpoint, cause), {
    cause,
  });
}
