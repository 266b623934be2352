import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  SidecarAgent,
  type SidecarAgentError,
  SidecarClient,
  SidecarStatusService,
} from '../../lib/index.js';
import { createGreeterApp, type GreeterApp } from '../support/greeter-app.js';
import { answer, chunk, ScriptedAgent, STREAM_HEAD } from '../support/scripted-agent.js';
import { statusWhere } from '../support/status-where.js';

const TOKEN = 'tok-31415926535';
const SECRET = 'sec-27182818284';
const COOKIE = 'cookie-16180339887';

describe('secrets, with an agent that says back all it was sent', () => {
  const agent = new ScriptedAgent();
  let greeter: GreeterApp;

  afterEach(async () => {
    await greeter.app.close();
    await agent.close();
  });

  it('are in no log line, error, status or timeline', async () => {
    const errors: SidecarAgentError[] = [];
    const echo = (said: string) => answer(500, JSON.stringify({ success: false, code: said, message: said }));
    agent.scripts = {
      '/watch': (socket, { headers }) => {
        const said = JSON.stringify({
          event: 'connected',
          message: headers.authorization,
          service: headers.cookie,
        });
        const broken = `event: ${headers.cookie}\nid: ${headers.authorization}\ndata: {${headers.authorization}\n\n`;
        socket.write(
          Buffer.concat([Buffer.from(STREAM_HEAD), chunk(`id: ${headers.cookie}\ndata: ${said}\n\n`)]),
        );
        if (agent.to('/register').length > 2) socket.write(chunk(broken));
      },
      '/register': (socket, { headers }) => socket.write(echo(`${headers.authorization} ${headers.cookie}`)),
    };
    await agent.listen();
    greeter = await createGreeterApp('microservice', {
      baseUrl: agent.url,
      app: { id: '1', name: 'a', env: 'e', version: 'v', secret: SECRET },
      headers: { authorization: `Bearer ${TOKEN}`, cookie: COOKIE },
      onError: (error) => errors.push(error),
    });
    await greeter.listen();
    const refused = await statusWhere(greeter.app, (status) => status.registerReplayFailureCount >= 3);
    await agent.close();
    await statusWhere(greeter.app, ({ lastErrorKind }) => lastErrorKind === 'watch_connect');

    const told = [SidecarAgent, SidecarClient, SidecarStatusService].map((token) =>
      greeter.app.get<object>(token),
    );
    const timeline = greeter.app.get(SidecarStatusService).timeline();
    const everything = inspect([errors, refused, timeline, told, greeter.logs.lines], {
      depth: 20,
      showHidden: true,
    });
    expect(refused.lastError).toContain('[redacted]');
    expect(timeline.some(({ text }) => text.includes('[redacted]'))).toBe(true);
    expect(agent.to('/register')[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    for (const secret of [TOKEN, SECRET, COOKIE]) expect(everything).not.toContain(secret);
    expect(agent.requests.map(({ body }) => body).join()).not.toContain(SECRET);
  });
});
