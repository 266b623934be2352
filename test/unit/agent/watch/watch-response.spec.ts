import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { completeEndpoint } from '../../../../lib/options/agent-endpoint.js';
import { CONNECTED, OpenStreams } from '../../../faults/support/frames-streams.js';
import { ScriptedAgent } from '../../../support/scripted-agent.js';
import { OneWatch } from '../../fixtures/one-watch.js';

const CHECK = 'check watchUrl and baseUrl (agents listen on port 15010 or 18600)';

/** A head of this status and with these headers, and the beginning of a body that does not end. */
const answerOf = (status: number, ...headers: string[]) =>
  `HTTP/1.1 ${status} Scripted\r\n${[...headers, 'content-length: 1000', '', 'beginning'].join('\r\n')}`;

describe('the answer to GET /watch', () => {
  let agent: ScriptedAgent;
  let watch: OneWatch;

  beforeEach(async () => {
    agent = await new ScriptedAgent().listen();
  });

  afterEach(async () => {
    watch.stop();
    await agent.close();
  });

  it('is asked for as an event stream, with the headers of the options', async () => {
    const headers = { authorization: 'Bearer the-token' };
    watch = new OneWatch(agent, { endpoint: completeEndpoint({ baseUrl: agent.url, headers }) });
    await watch.types(1);
    expect(agent.requests[0]).toMatchObject({
      method: 'GET',
      path: '/watch',
      headers: { ...headers, accept: 'text/event-stream', 'cache-control': 'no-cache' },
    });
  });

  it.each<{ status: number; headers?: string[]; advice?: string; retryAfter?: number }>([
    { status: 204 },
    { status: 302, headers: ['location: /watch'] },
    { status: 401, advice: ': check the option headers' },
    { status: 403, advice: ': check the option headers' },
    { status: 404, advice: `: ${CHECK}` },
    { status: 500, headers: ['content-type: text/event-stream'] },
    { status: 503, headers: ['retry-after: 7'], retryAfter: 7_000 },
    { status: 503, headers: ['retry-after: Sat, 21 Nov 2026 20:06:29 GMT'], retryAfter: 60_000 },
  ])(
    'with the status and headers %j is refused',
    async ({ status, headers = [], advice = '', retryAfter }) => {
      agent.scripts = { '/watch': (socket) => void socket.write(answerOf(status, ...headers)) };
      watch = new OneWatch(agent);
      const error = await watch.end;
      const message = `the sidecar-agent at ${agent.url} answered GET /watch with status ${status}${advice}`;
      expect(error).toMatchObject({ name: 'WatchError', kind: 'watch_http_status', message });
      expect(error).toHaveProperty('detail', { statusCode: status, retryAfter });
      await agent.until(() => agent.open === 0);
      expect(agent.requests).toHaveLength(1);
    },
  );

  const type = (value: string) => [`content-type: ${value}`];
  const encoded = (value: string) => ['content-type: text/event-stream', `content-encoding: ${value}`];

  it.each<[string[], string]>([
    [[], `no content type, expected text/event-stream: ${CHECK}`],
    [type('text/html'), `content type text/html, expected text/event-stream: ${CHECK}`],
    [type('text/event-streams'), `content type text/event-streams, expected text/event-stream: ${CHECK}`],
    [type('a/text/event-stream'), `content type a/text/event-stream, expected text/event-stream: ${CHECK}`],
    [type('x'.repeat(200)), `content type ${'x'.repeat(128)}…, expected text/event-stream: ${CHECK}`],
    [encoded('gzip'), 'content encoding gzip, expected none: turn off the compression of the agent'],
  ])('with the headers %j is refused', async (headers, told) => {
    agent.scripts = { '/watch': (socket) => void socket.write(answerOf(200, ...headers)) };
    watch = new OneWatch(agent);
    expect(await watch.end).toMatchObject({
      kind: 'watch_content_type',
      message: `the sidecar-agent at ${agent.url} answered GET /watch with ${told}`,
      detail: { statusCode: 200 },
    });
    await agent.until(() => agent.open === 0);
  });

  it.each([
    [type('text/event-stream')],
    [type('Text/Event-Stream ; charset=utf-8')],
    [type('text/event-stream;charset=utf-8')],
    [encoded('identity')],
  ])('with the headers %j is an event stream', async (headers) => {
    agent.scripts = {
      '/watch': (socket) => void socket.write(answerOf(200, ...headers) + `\n\n${CONNECTED}`),
    };
    watch = new OneWatch(agent);
    expect(await watch.types(1)).toEqual(['connected']);
  });

  it.each<[string, (socket: Socket) => void, RegExp]>([
    [
      'is reset',
      (socket) => void socket.resetAndDestroy(),
      /^the sidecar-agent at .* closed the event stream$/,
    ],
    [
      'ends within the body',
      (socket) => void socket.end(),
      /^the sidecar-agent at .* closed the event stream$/,
    ],
    [
      'breaks the rules of HTTP',
      (socket) => void socket.write('no chunk\r\n'),
      // undici 7.30 and later give no code.
      /^the event stream of the sidecar-agent at .* broke \((HPE_INVALID_CHUNK_SIZE|.* chunk size.*)\)$/,
    ],
  ])('whose connection %s is a stream that was closed', async (_what, end, message) => {
    const streams = new OpenStreams();
    agent.scripts = { '/watch': streams.script };
    watch = new OneWatch(agent);
    await watch.types(1);
    end(streams.last);
    const error = await watch.end;
    expect(error).toMatchObject({ kind: 'watch_stream_closed', detail: {}, cause: expect.any(Error) });
    expect(error).toHaveProperty('message', expect.stringMatching(message));
  });
});
