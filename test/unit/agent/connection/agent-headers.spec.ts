import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpSidecarClient } from '../../../../lib/agent/client/http-sidecar-client.js';
import type { SidecarAgentError, SidecarAgentOptions } from '../../../../lib/index.js';
import { SystemClock } from '../../../../lib/support/timing/sidecar-clock.js';
import { shortOptions, WatchRun } from '../../../faults/support/watch-run.js';
import { answer, ScriptedAgent } from '../../../support/scripted-agent.js';

const WHO = { appId: '10001', appInstanceId: 'one', serviceName: 'greeter', servicePort: 10500 };

type Headers = NonNullable<SidecarAgentOptions['headers']>;

describe('headers that are a function', () => {
  let agent: ScriptedAgent;
  let run: WatchRun | undefined;
  let client: HttpSidecarClient | undefined;

  beforeEach(async () => {
    agent = await new ScriptedAgent().listen();
  });

  afterEach(async () => {
    run?.stop();
    await client?.close();
    run = client = undefined;
    await agent.close();
  });

  const start = (headers: Headers, more: Partial<SidecarAgentOptions> = {}) => {
    client = new HttpSidecarClient(shortOptions({ baseUrl: agent.url, headers, ...more }), new SystemClock());
    return client;
  };

  const failure = (headers: unknown, more?: Partial<SidecarAgentOptions>) =>
    start(headers as Headers, more)
      .deregister(WHO)
      .catch((error: SidecarAgentError) => error);

  const counted = () => {
    let asked = 0;
    return () => ({ authorization: `Bearer token-${(asked += 1) + 1000}` });
  };

  it.each<[string, (next: () => Record<string, string>) => Headers]>([
    ['a function', (next) => next],
    ['an async function', (next) => async () => (await Promise.resolve(), next())],
  ])('%s is asked for each call', async (_what, make) => {
    const calls = start(make(counted()));
    for (let call = 0; call < 3; call += 1) await calls.deregister(WHO);
    expect(agent.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1001',
      'Bearer token-1002',
      'Bearer token-1003',
    ]);
  });

  it('is asked for each connection of the event stream', async () => {
    agent.scripts = { '/watch': (socket) => void socket.end() };
    run = new WatchRun({ baseUrl: agent.url, headers: counted() });
    await run.drops(3);
    expect(agent.requests.slice(0, 3).map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1001',
      'Bearer token-1002',
      'Bearer token-1003',
    ]);
  });

  it('redacts each value that it gave, an older one too', async () => {
    const calls = start(counted());
    await calls.deregister(WHO);
    const body = JSON.stringify({ success: false, message: 'old token-1001, new token-1002' });
    agent.scripts = { '/deregister': (socket) => void socket.write(answer(401, body)) };
    const error = await calls.deregister(WHO).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ reason: 'old [redacted], new [redacted]' });
  });

  it('redacts on the stream what it gave for a call, and the other way round', async () => {
    const lastTo = (path: string) => agent.to(path).at(-1)?.headers.authorization ?? 'nothing';
    const echo = () => `stream ${lastTo('/watch')} call ${lastTo('/deregister')}`;
    agent.scripts = {
      '/watch': (socket) => void socket.end(answer(200, '', { 'content-type': echo() })),
      '/deregister': (socket) => void socket.write(answer(401, JSON.stringify({ message: echo() }))),
    };
    run = new WatchRun({ baseUrl: agent.url, headers: counted() });
    const [before] = await run.drops(1);
    expect(before?.message).toContain('content type stream [redacted] call nothing, expected');

    client = new HttpSidecarClient(run.options, new SystemClock());
    const error = await client.deregister(WHO).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ reason: 'stream [redacted] call [redacted]' });
    const after = (await run.drops(agent.to('/watch').length + 1)).at(-1);
    expect(after?.message).toContain('content type stream [redacted] call [redacted], expected');
  });

  it.each<[string, () => unknown, string]>([
    [
      'throws an error with a code of the module',
      () => Promise.reject(Object.assign(new Error('no vault'), { code: 'ERR_HEADERS' })),
      'the function failed (no vault)',
    ],
    ['rejects', () => Promise.reject(new Error('no vault')), 'the function failed (no vault)'],
    [
      'throws',
      () => {
        throw new Error('no vault');
      },
      'the function failed (no vault)',
    ],
    ['returns nothing', () => undefined, 'the function must return an object of names and values'],
    ['returns a Map', () => new Map([['a', 'b']]), 'the function must return an object of names and values'],
    ['returns a list', () => ['x-token: y'], 'the function must return an object of names and values'],
    [
      'returns a reserved header',
      () => ({ host: 'x' }),
      'the function returned a header that cannot be sent: host is set by the module',
    ],
    [
      'returns a value with a line break',
      () => ({ 'x-token': 'secret-1\r\nx: y' }),
      'the function returned a header that cannot be sent: x-token must be Latin-1 text',
    ],
    [
      'returns a value that is not a text',
      () => ({ 'x-token': undefined }),
      'the function returned a header that cannot be sent: x-token must be a string',
    ],
    [
      'returns a name that is none',
      () => ({ 'x-token: secret-1': '' }),
      'the function returned a header that cannot be sent: must have names of letters',
    ],
  ])('that %s: that try has failed, and nothing was sent', async (_what, headers, told) => {
    const error = await failure(headers);
    expect(error).toMatchObject({ name: 'SidecarConnectionError', code: 'ERR_HEADERS' });
    expect((error as Error).message).toContain(
      `cannot call the sidecar-agent at ${agent.url}: headers: ${told}`,
    );
    run = new WatchRun({ baseUrl: agent.url, headers: headers as Headers });
    const drops = await run.drops(3);
    expect(drops.map(({ kind }) => kind)).toEqual(Array(3).fill('watch_connect'));
    expect(drops[0]?.message).toContain(told);
    expect(inspect([error, drops], { depth: 20, showHidden: true })).not.toContain('secret-1');
    expect(agent.accepted).toBe(0);
  });

  it('that never settles is limited by requestTimeout, and nothing is sent late', async () => {
    let settle = (_headers: Record<string, string>) => {};
    const headers = () => new Promise<Record<string, string>>((resolve) => (settle = resolve));
    const late = 'headers: the function did not settle within 50 ms (option requestTimeout)';
    expect(await failure(headers, { requestTimeout: 50 })).toMatchObject({
      code: 'ETIMEDOUT',
      message: `cannot call the sidecar-agent at ${agent.url}: ${late}`,
    });
    settle({});
    run = new WatchRun({ baseUrl: agent.url, headers, requestTimeout: 50 });
    const [dropped] = await run.drops(1);
    expect(dropped).toMatchObject({
      kind: 'watch_connect',
      message: `cannot call the sidecar-agent at ${agent.url}: ${late}`,
    });
    run.stop();
    settle({});
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(agent.requests).toEqual([]);
  });
});
