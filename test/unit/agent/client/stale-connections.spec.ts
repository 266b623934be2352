import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpSidecarClient } from '../../../../lib/agent/client/http-sidecar-client.js';
import type { SidecarAgentError } from '../../../../lib/index.js';
import { SystemClock } from '../../../../lib/support/timing/sidecar-clock.js';
import { shortOptions } from '../../../faults/support/watch-run.js';
import { answer, ScriptedAgent } from '../../../support/scripted-agent.js';
import { ManualClock, watched } from '../../fixtures/manual-clock.js';

const WHO = { appId: '10001', appInstanceId: 'one', serviceName: 'greeter', servicePort: 10500 };
const ANSWER = answer(200, '{"success":true,"code":"done"}');

describe('calls at the same time', () => {
  let agent: ScriptedAgent;
  let client: HttpSidecarClient;
  /** The answers that wait until as many calls are in flight as there are connections. */
  let waiting: (() => void)[];
  let served: Map<Socket, number>;
  let breaks: (socket: Socket, count: number) => boolean;
  const how: { break: (socket: Socket) => void } = { break: () => {} };

  beforeEach(async () => {
    how.break = (socket) => socket.resetAndDestroy();
    waiting = [];
    served = new Map();
    breaks = () => false;
    agent = await new ScriptedAgent({
      '/deregister': (socket) => {
        const count = (served.get(socket) ?? 0) + 1;
        served.set(socket, count);
        waiting.push(() => (breaks(socket, count) ? how.break(socket) : socket.write(ANSWER)));
        if (waiting.length < 4) return;
        for (const reply of waiting.splice(0)) reply();
      },
    }).listen();
    client = new HttpSidecarClient(shortOptions({ baseUrl: agent.url }), new SystemClock());
  });

  afterEach(async () => {
    await client.close();
    await agent.close();
  });

  const four = () =>
    Promise.all([1, 2, 3, 4].map(() => client.deregister(WHO).catch((error: SidecarAgentError) => error)));
  const done = Array(4).fill(expect.objectContaining({ code: 'done' }));

  it.each<[string, (socket: Socket) => void]>([
    ['resets', (socket) => void socket.resetAndDestroy()],
    ['ends', (socket) => void socket.end()],
    ['breaks within an answer', (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-le')],
  ])('on kept connections that the agent %s: each is repeated once', async (_how, breakIt) => {
    how.break = breakIt;
    expect(await four()).toEqual(done);
    breaks = (_socket, count) => count > 1;
    expect(await four()).toEqual(done);
    expect(agent.requests).toHaveLength(12);
    expect(agent.accepted).toBe(8);
  });

  it('on new connections that the agent resets: none is repeated', async () => {
    breaks = () => true;
    const errors = await four();
    expect(errors).toEqual(Array(4).fill(expect.objectContaining({ name: 'SidecarConnectionError' })));
    expect(agent.requests).toHaveLength(4);
  });
});

describe('a call that is sent again, since the agent reset its kept connection', () => {
  const LIMIT = 200;
  let agent: ScriptedAgent;
  let client: HttpSidecarClient;
  let clock: ManualClock;
  /** The connection of the third request. */
  let third: Socket | undefined;
  /** The headers of the third request. */
  let headersOfThird: Promise<Record<string, string>>;

  /** The first request is answered, the second one is reset, and the third one gets no answer. */
  beforeEach(async () => {
    clock = new ManualClock();
    third = undefined;
    headersOfThird = Promise.resolve({});
    const replies = [
      (socket: Socket) => void socket.write(ANSWER),
      (socket: Socket) => void socket.resetAndDestroy(),
      (socket: Socket) => void (third = socket),
    ];
    agent = await new ScriptedAgent({ '/deregister': (socket) => replies.shift()?.(socket) }).listen();
    const headers = () => (replies.length === 1 ? headersOfThird : {});
    client = new HttpSidecarClient(
      shortOptions({ baseUrl: agent.url, requestTimeout: LIMIT, headers }),
      clock,
    );
    await client.deregister(WHO);
    // By then the connection is idle again.
    await clock.advance(0);
    expect(clock.timers).toBe(0);
  });

  afterEach(async () => {
    await client.close();
    await agent.close();
  });

  const deregister = () => client.deregister(WHO).catch((error: unknown) => error);

  it('has the time of one call: then it fails, and its connection is closed', async () => {
    const call = deregister();
    const wait = watched(call);
    await agent.until(() => agent.requests.length === 3);
    await clock.advance(LIMIT - 1);
    expect([wait.settled, third?.destroyed]).toEqual([false, false]);
    const closed = third && once(third, 'close');
    await clock.advance(1);
    await expect(call).resolves.toMatchObject({
      code: 'ETIMEDOUT',
      message: expect.stringContaining('did not answer POST /deregister within 200 ms'),
    });
    await closed;
    expect([agent.requests.length, clock.timers]).toEqual([3, 0]);
  });

  it('is not sent if its headers come after its time', async () => {
    let giveHeaders = () => {};
    headersOfThird = new Promise((resolve) => (giveHeaders = () => resolve({})));
    const call = deregister();
    await agent.until(() => agent.requests.length === 2 && agent.open === 0);
    await clock.advance(LIMIT);
    await expect(call).resolves.toMatchObject({
      code: 'ETIMEDOUT',
      message: expect.stringContaining('the function did not settle within 200 ms'),
    });
    giveHeaders();
    // Whatever the call did now would come before the next one.
    await client.drain({ ...WHO, gracePeriod: 1_000 });
    expect(agent.requests.map(({ path }) => path)).toEqual(['/deregister', '/deregister', '/drain']);
    expect(agent.accepted).toBe(2);
  });
});
