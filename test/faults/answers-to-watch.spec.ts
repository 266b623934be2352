import { afterEach, describe, expect, it } from '@jest/globals';
import type { WatchError } from '../../lib/index.js';
import { answer, chunk, type Script, ScriptedAgent, STREAM_HEAD } from '../support/scripted-agent.js';
import { WatchRun } from './support/watch-run.js';

/** Writes the head, and then for ever, as fast as it is read. */
function endless(head: string): Script {
  return (socket) => {
    const more = () => {
      while (!socket.destroyed && socket.write(chunk('x'.repeat(8_192))));
    };
    socket.write(head);
    socket.on('drain', more);
    more();
  };
}

const HEAD_500 =
  'HTTP/1.1 500 Internal Server Error\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n';
const eventStream = (head: string) => STREAM_HEAD.replace('content-type: text/event-stream', head);

describe('answers to /watch', () => {
  let agent: ScriptedAgent;
  let run: WatchRun;

  afterEach(async () => {
    run.stop();
    await agent.close();
  });

  /**
   * Lets the agent answer so four times, sees that no connection but the latest is left, then lets
   * it answer as it should.
   *
   * @returns what the first three ended with
   */
  async function dropsOf(script: Script): Promise<WatchError[]> {
    agent = await new ScriptedAgent({ '/watch': script }).listen();
    run = new WatchRun({ baseUrl: agent.url, requestTimeout: 200, idleTimeout: 5_000 });
    const drops = await run.drops(3);
    await agent.until(() => agent.accepted >= 4 && agent.open <= 1);
    agent.scripts = {};
    await run.events('connected');
    return drops;
  }

  const kinds = (drops: readonly WatchError[]) => new Set(drops.map(({ kind }) => kind));

  describe('no response headers: headers deadline', () => {
    it.each<{ what: string; script: Script }>([
      { what: 'nothing at all', script: () => {} },
      { what: 'half a head', script: (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-') },
      {
        what: 'a head that trickles in, one byte every 20 ms',
        script: (socket) => {
          let sent = 0;
          const trickle = setInterval(() => socket.write(STREAM_HEAD.charAt(sent++ % 40)), 20);
          socket.once('close', () => clearInterval(trickle));
        },
      },
    ])('$what', async ({ script }) => {
      const began = performance.now();
      const drops = await dropsOf(script);
      expect(kinds(drops)).toEqual(new Set(['watch_connect']));
      expect(drops[0]?.message).toContain(
        `the sidecar-agent at ${agent.url} did not answer GET /watch within 200 ms`,
      );
      // Four deadlines and the waits between them.
      expect(performance.now() - began).toBeLessThan(4 * (200 + 1_000));
    });
  });

  describe('drop, retry', () => {
    it.each<{ what: string; script: Script }>([
      { what: 'FIN before headers', script: (socket) => void socket.end() },
      { what: 'RST before headers', script: (socket) => void socket.resetAndDestroy() },
      { what: 'FIN within the head', script: (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-') },
      {
        what: 'garbage instead of HTTP',
        script: (socket) => void socket.write('SSH-2.0-OpenSSH_9.6\r\n\r\n'),
      },
      {
        what: '100 KB of headers, one of them',
        script: (socket) => void socket.write(answer(200, '', { 'x-padding': 'x'.repeat(100_000) })),
      },
      {
        what: '100 KB of headers, a thousand of them',
        script: (socket) =>
          void socket.write(`HTTP/1.1 200 OK\r\n${`x-padding: ${'x'.repeat(90)}\r\n`.repeat(1_000)}\r\n`),
      },
    ])('$what', async ({ script }) => {
      const drops = await dropsOf(script);
      expect(kinds(drops)).toEqual(new Set(['watch_connect']));
      expect(drops[0]?.message).toContain(`the connection to the sidecar-agent at ${agent.url} failed`);
      expect(drops[0]?.message).not.toContain('did not answer');
      expect(run.clock.waits.slice(0, 3)).toEqual([10, 20, 40]);
    });
  });

  describe('watch_http_status, body destroyed, retry', () => {
    it.each([404, 500, 503, 204])('%d', async (status) => {
      const body = status === 204 ? '' : 'not here';
      const drops = await dropsOf((socket) => void socket.write(answer(status, body)));
      expect(kinds(drops)).toEqual(new Set(['watch_http_status']));
      expect(drops[0]?.detail.statusCode).toBe(status);
      expect(drops[0]?.message).toContain(
        `the sidecar-agent at ${agent.url} answered GET /watch with status ${status}`,
      );
      expect(run.clock.waits.slice(0, 3)).toEqual([10, 20, 40]);
    });
  });

  describe('watch_http_status, body destroyed, retry straight at the longest delay', () => {
    it.each([401, 403])('%d', async (status) => {
      const drops = await dropsOf((socket) => void socket.write(answer(status, 'go away')));
      expect(kinds(drops)).toEqual(new Set(['watch_http_status']));
      expect(drops[0]?.detail.statusCode).toBe(status);
      expect(run.clock.waits.slice(0, 3)).toEqual([40, 40, 40]);
    });
  });

  describe('refused, socket freed', () => {
    it.each([
      {
        what: 'HTML',
        head: 'content-type: text/html',
        found: 'with content type text/html, expected text/event-stream',
      },
      {
        what: 'JSON',
        head: 'content-type: application/json',
        found: 'with content type application/json, expected text/event-stream',
      },
      {
        what: 'no content type',
        head: 'x-nothing: else',
        found: 'with no content type, expected text/event-stream',
      },
      {
        what: 'a longer type',
        head: 'content-type: text/event-streams',
        found: 'with content type text/event-streams, expected text/event-stream',
      },
      {
        what: 'gzip',
        head: 'content-type: text/event-stream\r\ncontent-encoding: gzip',
        found: 'with content encoding gzip, expected none',
      },
      {
        what: 'brotli',
        head: 'content-type: text/event-stream\r\ncontent-encoding: br',
        found: 'with content encoding br, expected none',
      },
    ])('$what', async ({ head, found }) => {
      const drops = await dropsOf((socket) => void socket.write(eventStream(head)));
      expect(kinds(drops)).toEqual(new Set(['watch_content_type']));
      expect(drops[0]?.message).toContain(found);
    });

    it.each([
      'content-type: text/event-stream; charset=utf-8',
      'Content-Type: TEXT/EVENT-STREAM',
      'content-type: text/event-stream\r\ncontent-encoding: identity',
    ])('but not %j', async (head) => {
      const opening = eventStream(head);
      agent = new ScriptedAgent({
        '/watch': (socket) => void socket.write(opening + chunk('event: connected\ndata: ok\n\n').toString()),
      });
      await agent.listen();
      run = new WatchRun({ baseUrl: agent.url });
      await run.events('connected');
      expect(agent.accepted).toBe(1);
    });
  });

  describe('endless error body: no leaked socket', () => {
    it.each([
      { what: 'of a 500', head: HEAD_500, kind: 'watch_http_status' },
      { what: 'of a redirect', head: HEAD_500.replace('500', '302'), kind: 'watch_http_status' },
      { what: 'of another type', head: eventStream('content-type: text/html'), kind: 'watch_content_type' },
    ])('$what', async ({ head, kind }) => {
      const drops = await dropsOf(endless(head));
      expect(kinds(drops)).toEqual(new Set([kind]));
    });
  });
});
