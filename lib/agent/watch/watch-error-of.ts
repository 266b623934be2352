import { addressOption, agentAt, type AgentEndpoint, refusalAdvice } from '../connection/agent-endpoint.js';
import { isClosedByAgent, isTlsFailure } from '../connection/connection-failure.js';
import { SidecarApiError } from '../../errors/sidecar-api.error.js';
import { SidecarConnectionError } from '../../errors/sidecar-connection.error.js';
import { WatchError } from '../../errors/watch.error.js';

/**
 * Returns the error of a watch whose call failed.
 *
 * @param isLive whether the agent had answered before
 */
export function watchErrorOf(thrown: unknown, endpoint: AgentEndpoint, isLive: boolean): unknown {
  const cause = { cause: thrown };
  if (thrown instanceof SidecarApiError) {
    const { method, path, statusCode, retryAfter, reason } = thrown;
    const told = [reason, refusalAdvice(endpoint, statusCode, reason)].filter(Boolean).join('; ');
    const words = statusCode === 404 ? `check ${addressOption(endpoint)}` : told;
    const message = `${agentAt(endpoint)} answered ${method} ${path} with status ${statusCode}`;
    const detail = { statusCode, retryAfter };
    return new WatchError('watch_http_status', words ? `${message}: ${words}` : message, detail, cause);
  }
  if (!(thrown instanceof SidecarConnectionError)) return thrown;
  const { code, message } = thrown;
  if (isTlsFailure(thrown)) return new WatchError('watch_tls', message, {}, cause);
  if (!isLive) return new WatchError('watch_connect', message, {}, cause);
  if (code === 'ETIMEDOUT') return new WatchError('watch_idle_timeout', message, {}, cause);
  const closed = isClosedByAgent(thrown) ? `${agentAt(endpoint)} closed the connection` : message;
  return new WatchError('watch_stream_closed', closed, {}, cause);
}
