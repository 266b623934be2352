import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpSidecarClient } from '../../../../lib/agent/client/http-sidecar-client.js';
import type { SidecarAgentError } from '../../../../lib/index.js';
import { SystemClock } from '../../../../lib/support/timing/sidecar-clock.js';
import { shortOptions } from '../../../faults/support/watch-run.js';
import { answer, ScriptedAgent } from '../../../support/scripted-agent.js';

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
