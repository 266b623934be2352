import { inspect } from 'node:util';
import { ConfigModule, type ConfigType } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpSidecarClient } from '../../../../lib/agent/client/http-sidecar-client.js';
import { rebuildError } from '../../../../lib/agent/connection/foreign-error.js';
import { sidecarAgentConfigWith } from '../../../../lib/config/index.js';
import { SidecarAgentModule, type SidecarAgentError } from '../../../../lib/index.js';
import { SystemClock } from '../../../../lib/support/timing/sidecar-clock.js';
import { shortOptions, WatchRun } from '../../../faults/support/watch-run.js';
import { everythingOf } from '../../../support/everything-of.js';
import { answer, chunk, ScriptedAgent, STREAM_HEAD } from '../../../support/scripted-agent.js';

const WHO = { appId: '10001', appInstanceId: 'one', serviceName: 'greeter', servicePort: 10500 };
const TOKEN = 'tok/3141=5926"53&5\\89';

const unicode = (text: string) =>
  [...text].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

/** How encoders of JSON write the token. */
const ENCODERS: readonly (readonly [string, string])[] = [
  ['JavaScript', JSON.stringify(TOKEN).slice(1, -1)],
  ['PHP', JSON.stringify(TOKEN).slice(1, -1).replaceAll('/', '\\/')],
  ['Go', JSON.stringify(TOKEN).slice(1, -1).replaceAll('&', '\\u0026')],
  [
    '.NET',
    JSON.stringify(TOKEN)
      .slice(1, -1)
      .replace(/\\?["&=]/g, (sign) => unicode(sign.slice(-1))),
  ],
  ['one that escapes everything', unicode(TOKEN)],
  ['one within another', JSON.stringify(JSON.stringify(TOKEN)).slice(1, -1)],
];

describe('a token that the agent sends back', () => {
  let agent: ScriptedAgent;
  let client: HttpSidecarClient;
  let run: WatchRun | undefined;
  const headers = { authorization: `Bearer ${TOKEN}` };

  beforeEach(async () => {
    agent = await new ScriptedAgent().listen();
    client = new HttpSidecarClient(shortOptions({ baseUrl: agent.url, headers }), new SystemClock());
  });

  afterEach(async () => {
    run?.stop();
    run = undefined;
    await client.close();
    await agent.close();
  });

  const failure = () => client.deregister(WHO).catch((error: SidecarAgentError) => error);

  const expectNone = (told: unknown) => {
    const text = everythingOf(told) + inspect(told, { depth: 20, showHidden: true });
    for (const part of [TOKEN, '5926', '3141', unicode('3141')]) expect(text).not.toContain(part);
  };

  it.each(ENCODERS)('is in no error, as %s escapes it', async (_who, escaped) => {
    // The token also stands where a text is cut.
    const long = 'x'.repeat(245) + escaped;
    for (const body of [`{"error":"${escaped}"}`, `{"success":false,"code":"c","message":"${long}"}`]) {
      agent.scripts = { '/deregister': (socket) => void socket.write(answer(400, body)) };
      const error = await failure();
      expect(error).toMatchObject({ name: 'SidecarApiError', statusCode: 400 });
      expect(JSON.parse(body)).toHaveProperty([body.startsWith('{"e') ? 'error' : 'message']);
      expectNone(error);
    }
  });

  it.each(ENCODERS)('is in no event of the stream, as %s escapes it', async (_who, escaped) => {
    const long = 'x'.repeat(245) + escaped;
    const fields = `"message":"${long}","service":"${escaped}","status":"a ${escaped}"`;
    agent.scripts = {
      '/watch': (socket) => {
        socket.write(STREAM_HEAD);
        socket.write(chunk(`id: ${TOKEN}\ndata: {"event":"connected",${fields}}\n\n`));
        socket.write(chunk(`event: ${TOKEN}\nid: ${TOKEN}\ndata: {${fields}, ${escaped}\n\n`));
      },
    };
    run = new WatchRun({ baseUrl: agent.url, headers });
    const [connected] = await run.events('connected');
    const [dropped] = await run.drops(1);
    expect(dropped).toMatchObject({ kind: 'watch_event_parse' });
    expect(dropped?.cause).toBeDefined();
    expect(connected?.agent?.service).toContain('[redacted]');
    expectNone([connected, dropped]);
  });

  it('is not in the cause if the answer is not HTTP', async () => {
    const echo = `ERROR ${headers.authorization}\r\n\r\n`;
    agent.scripts = {
      '/deregister': (socket) => void socket.write(echo),
      '/watch': (socket) => void socket.write(echo),
    };
    const error = await failure();
    run = new WatchRun({ baseUrl: agent.url, headers });
    const [dropped] = await run.drops(1);
    expect([error, dropped]).toMatchObject([
      { kind: 'sidecar_connection', cause: { name: 'HTTPParserError' } },
      { kind: 'watch_connect', cause: { name: 'HTTPParserError' } },
    ]);
    for (const { message } of [error, dropped] as Error[]) {
      expect(message).toContain('; the answer is not HTTP: check baseUrl');
    }
    expectNone([error, dropped]);
  });

  it('is not in the cause if the body of the stream breaks', async () => {
    agent.scripts = {
      '/watch': (socket) => void socket.write(`${STREAM_HEAD}${headers.authorization}\r\n`),
    };
    run = new WatchRun({ baseUrl: agent.url, headers });
    const [dropped] = await run.drops(1);
    expect(dropped).toMatchObject({ kind: 'watch_stream_closed', cause: { name: 'HTTPParserError' } });
    expectNone(dropped);
  });

  it('is not shown by the client', () => expectNone(client));
});

describe('options that are inspected', () => {
  const shown = (value: unknown) => inspect(value, { depth: 20, showHidden: true });
  const app = { id: '10001', name: 'greeter', env: 'test', version: 'v1', secret: TOKEN };
  const headers = { authorization: TOKEN, 'x-more': TOKEN };
  const tls = { servername: TOKEN, passphrase: TOKEN };

  it('show no secret of the configuration, and still have it', async () => {
    const config = sidecarAgentConfigWith({ app, service: { name: 'greeter' }, headers, tls });
    const module = await Test.createTestingModule({
      imports: [ConfigModule.forRoot({ load: [config], ignoreEnvFile: true })],
    }).compile();
    const options = module.get<ConfigType<typeof config>>(config.KEY);
    const copies = [options, { ...options, serverPort: 1 }, { nested: [options] }];
    for (const copy of copies) expect(shown(copy)).not.toContain('3141');
    expect(shown(options)).toContain("authorization: '[redacted]'");
    expect(options).toMatchObject({ app, headers, tls });
    expect(JSON.parse(JSON.stringify(options.headers))).toEqual(headers);
  });

  it('show no secret of the module', () => {
    const options = { app, service: { name: 'greeter' }, headers, tls };
    expect(shown(SidecarAgentModule.forRoot(options))).not.toContain('3141');
    expect(shown(shortOptions({ app, headers, baseUrl: 'https://127.0.0.1', tls }))).not.toContain('3141');
  });
});

describe('rebuildError', () => {
  const redact = (text: string) => text.replaceAll(TOKEN, '[redacted]');

  it('keeps name, code, message, stack, cause and errors, redacted, and nothing else', () => {
    const inner = Object.assign(new TypeError(`inner ${TOKEN}`), { data: TOKEN, code: 'ECODE' });
    const thrown = new AggregateError([inner], `outer ${TOKEN}`, { cause: inner });
    const error = rebuildError(thrown, redact);
    const expected = { name: 'TypeError', message: 'inner [redacted]', code: 'ECODE' };
    expect(error).toMatchObject({
      name: 'AggregateError',
      message: 'outer [redacted]',
      cause: expected,
      errors: [expected],
    });
    expect(error.stack).toContain('secrets.spec');
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(TOKEN);
  });

  it('ends at an error that is its own cause', () => {
    const thrown = new Error('round');
    thrown.cause = thrown;
    expect(rebuildError(thrown, redact).message).toBe('round');
  });

  it.each([
    [`thrown ${TOKEN}`, 'thrown [redacted]'],
    [{ token: TOKEN }, 'an object was thrown'],
    [null, 'null was thrown'],
  ])('shows of another value no more than a text: %p', (thrown, message) => {
    expect(rebuildError(thrown, redact).message).toBe(message);
  });
});
