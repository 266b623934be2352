import { describe, expect, it } from '@jest/globals';
import type { AgentKind } from '../../../../lib/agent/connection/agent-kind.js';
import { watchErrorOf } from '../../../../lib/agent/watch/watch-error-of.js';
import { consulKind } from '../../../../lib/consul/consul-kind.js';
import { SidecarApiError, type SidecarApiFailure } from '../../../../lib/errors/sidecar-api.error.js';
import { SidecarConnectionError } from '../../../../lib/errors/sidecar-connection.error.js';
import { WatchError } from '../../../../lib/errors/watch.error.js';

const ORIGIN = 'http://127.0.0.1:8500';
const AGENT = `the Consul agent at ${ORIGIN}`;
const ADVICE = 'set CONSUL_HTTP_TOKEN';
/** Gives advice on each 403. */
const kind: AgentKind = {
  ...consulKind({ address: '' }),
  refusalAdvice: (statusCode, reason) => (statusCode === 403 ? `${ADVICE} (${reason})` : ''),
};
const ENDPOINT = { origin: ORIGIN, basePath: '', watchPath: '', headers: {}, kind };

const refusal = (failure: Partial<SidecarApiFailure>) =>
  new SidecarApiError({
    method: 'GET',
    path: '/v1/agent',
    statusCode: 500,
    code: '',
    reason: '',
    ...failure,
  });

const broken = (code: string) => new SidecarConnectionError(ORIGIN, code, `it broke by ${code}`);

describe('watchErrorOf', () => {
  it.each<[Partial<SidecarApiFailure>, string]>([
    [{ statusCode: 500 }, 'with status 500'],
    [{ statusCode: 500, reason: 'no leader' }, 'with status 500: no leader'],
    [{ statusCode: 403, reason: 'denied' }, `with status 403: denied; ${ADVICE} (denied)`],
    [{ statusCode: 403 }, `with status 403: ${ADVICE} ()`],
    [
      { statusCode: 404, reason: 'not found' },
      'with status 404: check CONSUL_HTTP_ADDR or baseUrl (Consul agents listen on port 8500)',
    ],
    [{ statusCode: 429, retryAfter: 7_000, reason: 'busy' }, 'with status 429: busy'],
  ])('tells of the refusal %j', (failure, told) => {
    const thrown = refusal(failure);
    const error = watchErrorOf(thrown, ENDPOINT, true);
    expect(error).toBeInstanceOf(WatchError);
    expect(error).toMatchObject({
      kind: 'watch_http_status',
      message: `${AGENT} answered GET /v1/agent ${told}`,
      cause: thrown,
    });
    const { statusCode, retryAfter } = { retryAfter: undefined, ...failure };
    expect(error).toHaveProperty('detail', { statusCode, retryAfter });
  });

  it.each<[string, 'before' | 'after', string, string]>([
    ['ECONNREFUSED', 'before', 'watch_connect', 'it broke by ECONNREFUSED'],
    ['ECONNRESET', 'before', 'watch_connect', 'it broke by ECONNRESET'],
    ['ETIMEDOUT', 'before', 'watch_connect', 'it broke by ETIMEDOUT'],
    ['CERT_HAS_EXPIRED', 'before', 'watch_tls', 'it broke by CERT_HAS_EXPIRED'],
    ['CERT_HAS_EXPIRED', 'after', 'watch_tls', 'it broke by CERT_HAS_EXPIRED'],
    ['ETIMEDOUT', 'after', 'watch_idle_timeout', 'it broke by ETIMEDOUT'],
    ['ECONNRESET', 'after', 'watch_stream_closed', `${AGENT} closed the connection`],
    ['UND_ERR_SOCKET', 'after', 'watch_stream_closed', `${AGENT} closed the connection`],
    ['ECONNREFUSED', 'after', 'watch_stream_closed', 'it broke by ECONNREFUSED'],
  ])('%s %s the first answer is %s: %s', (code, when, told, message) => {
    const thrown = broken(code);
    const error = watchErrorOf(thrown, ENDPOINT, when === 'after');
    expect(error).toBeInstanceOf(WatchError);
    expect(error).toMatchObject({ kind: told, message, detail: {}, cause: thrown });
  });

  it.each([new Error('odd'), new WatchError('watch_content_type', 'no JSON'), 'text', undefined])(
    'returns %p as it is',
    (thrown) => {
      expect(watchErrorOf(thrown, ENDPOINT, true)).toBe(thrown);
      expect(watchErrorOf(thrown, ENDPOINT, false)).toBe(thrown);
    },
  );
});
