import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answer, type Script } from '../support/scripted-agent.js';
import { CONNECTED, inTurn } from './support/frames-streams.js';
import { ACCEPTED, answers } from './support/registers-answers.js';
import { RegisteringGreeter } from './support/registers-greeter.js';

const reset: Script = (socket) => void socket.resetAndDestroy();
const end: Script = (socket) => void socket.end();
const half: Script = (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"success":');

describe('register on a stale keep-alive socket', () => {
  let greeter: RegisteringGreeter;

  beforeEach(async () => {
    greeter = new RegisteringGreeter();
    await greeter.agent.listen();
  });

  afterEach(() => greeter.close());

  async function start(register: Script): Promise<void> {
    greeter.agent.scripts = { ...greeter.agent.scripts, '/register': register };
    await greeter.start({
      reconnectInterval: '1m',
      maxReconnectInterval: '1m',
      shutdownTimeout: '15s',
      drainDelay: 0,
    });
  }

  it.each<[string, Script]>([
    ['with RST', (socket) => void socket.write(ACCEPTED, () => socket.resetAndDestroy())],
    ['with FIN', (socket) => void socket.end(ACCEPTED)],
  ])('that was closed %s right after the answer before: succeeds', async (_how, script) => {
    await start(script);
    for (const turn of [1, 2, 3, 4, 5, 6]) {
      await greeter.where(({ registerReplayCount }) => registerReplayCount === turn);
      greeter.streams.say(CONNECTED);
    }
    await greeter.where(({ registerReplayCount }) => registerReplayCount === 7);
    expect(greeter.status).toMatchObject({ registered: true, registerReplayFailureCount: 0 });
  });

  it.each<[string, Script]>([
    ['RST', reset],
    ['FIN', end],
    ['half an answer and FIN', half],
  ])('that takes the request and gives %s: succeeds on a new one', async (_how, breaks) => {
    await start(inTurn(answers(ACCEPTED), breaks, answers(ACCEPTED)));
    await greeter.where(({ registered }) => registered);
    // By then the first connection is idle again.
    await greeter.heard('1');
    const before = greeter.agent.accepted;
    greeter.streams.say(CONNECTED);
    await greeter.where(({ registerReplayCount }) => registerReplayCount === 2);
    expect(greeter.status).toMatchObject({
      registered: true,
      registerReplayFailureCount: 0,
      lastError: null,
    });
    expect([greeter.posts, greeter.agent.accepted - before]).toEqual([3, 1]);
    const [, broken, again] = greeter.agent.to('/register');
    expect(again?.body).toBe(broken?.body);
  });

  it.each<[string, Script]>([
    ['RST', reset],
    ['FIN', end],
    ['half an answer and FIN', half],
  ])('where the new one gives %s as well: a failure, with the wait of one', async (_how, breaks) => {
    await start(inTurn(answers(ACCEPTED), breaks));
    await greeter.where(({ registered }) => registered);
    await greeter.heard('1');
    greeter.streams.say(CONNECTED);
    await greeter.where(({ nextRetryAt }) => nextRetryAt !== null);
    await greeter.heard('2');
    expect(greeter.posts).toBe(3);
    expect(greeter.status).toMatchObject({ registered: false, registerReplayFailureCount: 1 });
  });

  it('the same with drain and deregister', async () => {
    greeter.agent.scripts = {
      ...greeter.agent.scripts,
      '/drain': inTurn(reset, answers(answer(200))),
      '/deregister': inTurn(end, answers(answer(200))),
    };
    await start(answers(ACCEPTED));
    await greeter.where(({ registered }) => registered);
    await greeter.heard('1');
    await greeter.app.close();
    const said = greeter.agent.requests.map(({ path }) => path).slice(2);
    expect(said[0]).toBe('/drain');
    expect(said.filter((path) => path === '/drain')).toHaveLength(2);
    expect(greeter.log.join('\n')).toMatch(/Drained.*Deregistered/s);
    expect(greeter.log.join('\n')).not.toContain('failed');
  });
});
