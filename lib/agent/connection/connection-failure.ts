import { messageOf } from '../../support/text/describe-thrown.js';
import { SidecarConnectionError } from '../../errors/sidecar-connection.error.js';
import { addressOf, type AgentEndpoint } from './agent-endpoint.js';

/** The system's or undici's code of a failure; the first of its kind where several addresses were tried. */
export function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return '';
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  return 'cause' in thrown ? codeOf(thrown.cause) : '';
}

/** Node's codes of a certificate that is not accepted, of TLS that cannot be agreed on, and of an agent that speaks none. */
const TLS_CODE =
  /CERT|CRL|^(ERR_TLS_|ERR_SSL_|UNABLE_TO_)|^(EPROTO|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$/;

/** Whether it was TLS that failed, and not the connection under it. */
export function isTlsFailure(thrown: unknown): boolean {
  return TLS_CODE.test(codeOf(thrown));
}

const NOT_THERE = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTSOCK', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

/** What failed and what to do about it. */
export function explainFailure(endpoint: AgentEndpoint, thrown: unknown): string {
  const code = codeOf(thrown);
  const reason = code || messageOf(thrown);
  const address = addressOf(endpoint);
  if (!NOT_THERE.has(code)) {
    const hint =
      code === 'ERR_SSL_WRONG_VERSION_NUMBER'
        ? '; does it speak TLS? an http agent has an http:// baseUrl'
        : '';
    return `the connection to the sidecar-agent at ${address} failed (${reason})${hint}`;
  }
  const remedy = endpoint.socketPath
    ? 'check socketPath'
    : 'agents listen on port 15010, newer ones on 18600: check baseUrl';
  return `no sidecar-agent at ${address} (${code}): is it running? ${remedy}`;
}

/** Gives a failed call its typed form. */
export function connectionFailure(endpoint: AgentEndpoint, thrown: unknown): SidecarConnectionError {
  if (thrown instanceof SidecarConnectionError) return thrown;
  return new SidecarConnectionError(endpoint.origin, codeOf(thrown), explainFailure(endpoint, thrown), {
    cause: thrown,
  });
}
