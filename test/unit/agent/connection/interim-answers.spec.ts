import { mkdtempSync, rmSync } from 'node:fs';
import type { ListenOptions, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { HttpSidecarClient } from '../../../../lib/agent/client/http-sidecar-client.js';
import { InterimAnswers } from '../../../../lib/agent/connection/interim-answers.js';
import type { SidecarAgentOptions, SidecarAgentError } from '../../../../lib/index.js';
import { SystemClock } from '../../../../lib/support/timing/sidecar-clock.js';
import { AGENT, CA } from '../../../faults/support/certificates.js';
import { shortOptions, WatchRun } from '../../../faults/support/watch-run.js';
import { answer, chunk, ScriptedAgent, STREAM_HEAD } from '../../../support/scripted-agent.js';

const WHO = { appId: '10001', appInstanceId: 'one', serviceName: 'greeter', servicePort: 10500 };
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const HINTS = 'HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\nconnection: close\r\n\r\n';
const PROCESSING = 'HTTP/1.0 102 Processing\n\n';
const FINAL = answer(200, '{"success":true,"code":"done"}');

describe('InterimAnswers', () => {
  const passed = (pieces: readonly string[]): string => {
    const answers = new InterimAnswers();
    answers.expect();
    return pieces.map((piece) => answers.pass(Buffer.from(piece, 'latin1')).toString('latin1')).join('');
  };

  it.each([CONTINUE, HINTS, PROCESSING, `${CONTINUE}${HINTS}${PROCESSING}${CONTINUE}`, ''])(
    'takes %j out, wherever it is cut',
    (interim) => {
      const bytes = interim + FINAL + CONTINUE;
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        expect(passed([bytes.slice(0, cut), bytes.slice(cut)])).toBe(FINAL + CONTINUE);
      }
      expect(passed([...bytes])).toBe(FINAL + CONTINUE);
    },
  );

  it.each([
    'HTTP/1.1 101 Switching Protocols\r\n\r\n',
    'HTTP/2 100\r\n\r\n',
    'SSH-2.0-OpenSSH',
    'HTTP/1.1 2',
    '\0',
  ])('keeps %j', (bytes) => expect(passed([...bytes])).toBe(bytes));

  it('keeps all bytes of a connection on which no request was sent', () => {
    expect(new InterimAnswers().pass(Buffer.from(CONTINUE)).toString()).toBe(CONTINUE);
  });

  it.each([
    ['one that does not end', [`HTTP/1.1 100 ${'x'.repeat(16_384)}`]],
    ['one that comes in pieces', Array<string>(20).fill('HTTP/1.1 100 '.padEnd(1_000, 'x'))],
    ['many', Array<string>(1_000).fill(CONTINUE)],
  ])('throws if they are too large: %s', (_what, pieces) => {
    expect(() => passed(pieces)).toThrow('interim answers of 16384 bytes or more');
  });
});

describe('an agent, or a proxy before it, that sends interim answers unasked', () => {
  let agent: ScriptedAgent;
  let client: HttpSidecarClient | undefined;
  let run: WatchRun | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'interim-'));

  afterEach(async () => {
    run?.stop();
    await client?.close();
    await agent.close();
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Sends each byte in a segment of its own. */
  const dribble = async (socket: Socket, bytes: string) => {
    socket.setNoDelay(true);
    for (const byte of bytes) {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  const listen = async (interim: string, where?: ListenOptions, tls?: TlsOptions) => {
    agent = new ScriptedAgent(
      {
        '/deregister': (socket) => void socket.write(interim + FINAL),
        '/drain': (socket) => void dribble(socket, interim + FINAL),
        '/watch': (socket) => {
          socket.write(interim + STREAM_HEAD);
          socket.write(chunk('event: connected\ndata: ok\n\n'));
        },
      },
      tls,
    );
    await agent.listen(where);
  };

  const start = (options: Partial<SidecarAgentOptions>) => {
    client = new HttpSidecarClient(shortOptions(options), new SystemClock());
    return client;
  };

  interface Way {
    readonly how: string;
    readonly where?: () => ListenOptions;
    readonly tls?: TlsOptions;
    readonly options: () => Partial<SidecarAgentOptions>;
  }

  const path = join(folder, 'agent.sock');
  const WAYS: readonly Way[] = [
    { how: 'TCP', options: () => ({ baseUrl: agent.url }) },
    {
      how: 'TLS',
      tls: AGENT,
      options: () => ({ baseUrl: `https://127.0.0.1:${agent.port}`, tls: { ca: CA } }),
    },
    { how: 'a Unix socket', where: () => ({ path }), options: () => ({ socketPath: path }) },
  ];

  it.each(WAYS)('over $how the calls succeed, and no connection is lost', async ({ where, tls, options }) => {
    await listen(CONTINUE + HINTS + CONTINUE, where?.(), tls);
    const calls = start(options());
    for (let round = 0; round < 3; round += 1) {
      await expect(calls.deregister(WHO)).resolves.toMatchObject({ code: 'done' });
      await expect(calls.drain({ ...WHO, gracePeriod: 1_000 })).resolves.toMatchObject({ code: 'done' });
    }
    expect(agent.requests).toHaveLength(6);
    expect(agent.open).toBe(agent.accepted);
  });

  it.each(WAYS)('over $how the event stream opens', async ({ where, tls, options }) => {
    await listen(CONTINUE + HINTS, where?.(), tls);
    run = new WatchRun(options());
    await run.events('connected');
    expect(run.ended).toEqual([]);
  });

  it('fails the call if they are too large', async () => {
    await listen(CONTINUE.repeat(1_000));
    await expect(start({ baseUrl: agent.url }).deregister(WHO)).rejects.toMatchObject({
      code: 'UND_ERR_HEADERS_OVERFLOW',
    });
  });

  it('fails the call if a protocol is switched that was not asked for', async () => {
    await listen('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n');
    await expect(start({ baseUrl: agent.url }).deregister(WHO)).rejects.toMatchObject({
      code: 'UND_ERR_SOCKET',
    });
  });
});

describe('an encoded answer', () => {
  let agent: ScriptedAgent;
  let client: HttpSidecarClient;

  afterEach(async () => {
    await client.close();
    await agent.close();
  });

  const refusal = '{"success":false,"code":"register_failed"}';

  const send = async (status: number, encoding: string, body: Buffer): Promise<unknown> => {
    const head = `HTTP/1.1 ${status} Scripted\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n`;
    const bytes = Buffer.concat([Buffer.from(head), body]);
    agent = await new ScriptedAgent({ '/deregister': (socket) => void socket.write(bytes) }).listen();
    client = new HttpSidecarClient(shortOptions({ baseUrl: agent.url }), new SystemClock());
    return client.deregister(WHO).catch((error: SidecarAgentError) => error);
  };

  it.each([200, 400])('of status %d is not a success, and the error says why', async (statusCode) => {
    expect(await send(statusCode, 'gzip', gzipSync(refusal))).toMatchObject({
      name: 'SidecarApiError',
      statusCode,
      reason:
        'the answer has the content encoding gzip, expected none: turn off the compression of the agent',
    });
  });

  it.each(['identity', 'Identity', ''])('with the encoding %j is read as it is', async (encoding) => {
    expect(await send(200, encoding, Buffer.from(FINAL.slice(-30)))).toMatchObject({ code: 'done' });
  });
});
