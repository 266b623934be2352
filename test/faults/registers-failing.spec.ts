import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { SidecarAgent, SidecarClock } from '../../lib/index.js';
import { answer, chunk, type Script } from '../support/scripted-agent.js';
import { type Flood, flood } from './support/frames-flood.js';
import { inTurn } from './support/frames-streams.js';
import { ACCEPTED, answers, envelope } from './support/registers-answers.js';
import { StillClock } from './support/registers-clock.js';
import { RegisteringGreeter } from './support/registers-greeter.js';

const MIB = 1_048_576;
const CHUNKED = 'content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';

/** Sends one byte after the other for as long as somebody reads. */
function trickle(socket: Socket, byte: string | Buffer): void {
  const timer = setInterval(() => socket.write(byte), 20);
  socket.once('close', () => clearInterval(timer));
}

/** What an agent can do with a register instead of accepting it, and what the status then tells. */
const FAILURES: readonly [what: string, script: Script, told: string][] = [
  ['500', answers(envelope(500, 'register_failed')), 'answered 500 register_failed: register_failed it is'],
  ['400', answers(envelope(400, 'invalid_json')), 'answered 400 invalid_json'],
  [
    '400 in either dialect',
    answers(answer(400, '{"error":"consul is down"}')),
    'answered 400: consul is down',
  ],
  [
    '404 in plain text',
    answers(answer(404, 'nothing here', { 'content-type': 'text/plain' })),
    'answered 404',
  ],
  ['500 without a body', answers(answer(500, '')), 'answered 500'],
  ['success:false', answers(envelope(200, 'not_ready')), 'answered 200 not_ready: not_ready it is'],
  ['hang', () => {}, 'did not answer POST /register within'],
  [
    'slow header',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
      trickle(socket, 'x');
    },
    'did not answer POST /register within',
  ],
  [
    'slow body',
    (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${CHUNKED}`);
      trickle(socket, chunk(' '));
    },
    'did not answer POST /register within',
  ],
  [
    'a body that stops short',
    (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"success":true'),
    'did not answer POST /register within',
  ],
  [
    'a body that breaks off',
    (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'),
    'failed',
  ],
  ['garbage', answers('register? what register?\r\n\r\n'), 'failed'],
];

describe('a register that fails', () => {
  let greeter: RegisteringGreeter;

  beforeEach(async () => {
    greeter = new RegisteringGreeter();
    await greeter.agent.listen();
  });

  afterEach(() => greeter.close());

  function script(register: Script): void {
    greeter.agent.scripts = { ...greeter.agent.scripts, '/register': register };
  }

  it.each(FAILURES)(
    '%s: not registered, the code in the status, retried while connected',
    async (_what, fails, told) => {
      script(fails);
      await greeter.start({ requestTimeout: 400 });
      const failed = await greeter.where(
        ({ registerReplayFailureCount }) => registerReplayFailureCount === 1,
      );
      expect(failed).toMatchObject({
        ...{ connected: true, registered: false, phase: 'registering' },
        ...{ registerReplayCount: 0, disconnectCount: 0, lastDisconnectedAt: null },
        ...{ lastErrorKind: 'register_replay', lastError: expect.stringContaining(told) },
      });
      await greeter.where(({ registerReplayFailureCount }) => registerReplayFailureCount === 3);
      script(answers(ACCEPTED));
      await greeter.where(({ registered }) => registered);
      expect(greeter.status).toMatchObject({ registerReplayCount: 1, disconnectCount: 0 });
      expect(greeter.agent.to('/watch')).toHaveLength(1);
    },
  );

  it.each(['hang', 'slow header', 'slow body', 'a body that stops short'])(
    '%s: cut at five times requestTimeout',
    async (what) => {
      const fails = FAILURES.find(([name]) => name === what)?.[1] ?? answers('');
      let began = 0;
      let connection: Socket | undefined;
      script((socket, request) => {
        began = performance.now();
        connection = socket;
        fails(socket, request);
      });
      await greeter.start({ requestTimeout: 80, reconnectInterval: '1m', maxReconnectInterval: '1m' });
      await greeter.where(({ nextRetryAt }) => nextRetryAt !== null);
      const took = performance.now() - began;
      expect(took).toBeGreaterThan(300);
      expect(took).toBeLessThan(1_400);
      await greeter.agent.until(() => connection?.closed === true);
    },
  );

  it('each dialect has the whole time', async () => {
    const clock = new StillClock();
    script(
      inTurn(
        (socket) => {
          clock.pass(1_200);
          socket.write(answer(400, '{"error":"what is that?"}'));
        },
        () => {},
      ),
    );
    await greeter.start({
      requestTimeout: 300,
      providers: [{ provide: SidecarClock, useValue: clock }],
    });
    const { lastError } = await greeter.where(
      ({ registerReplayFailureCount }) => registerReplayFailureCount === 1,
    );
    expect(lastError).toContain('did not answer POST /register within 1500 ms (5 times the option');
    expect(clock.waits.filter((wait) => wait === 1_500)).toHaveLength(2);
    expect(greeter.posts).toBe(2);
  });

  it('what the agent speaks is learned from a refusal, though the register after it failed', async () => {
    const flat = answers(answer(400, '{"error":"what is that?"}'));
    const bodies: string[] = [];
    script((socket, request) => {
      bodies.push(request.body.includes('"app_id"') ? 'flat' : 'node');
      if (bodies.length === 1) flat(socket, request);
      else if (bodies.length === 2) answers(answer(500))(socket, request);
      else answers(answer(200, '{"instance_id":"i-1","state":"Serving"}'))(socket, request);
    });
    await greeter.start();
    await greeter.where(({ registered }) => registered);
    await greeter.drop();
    await greeter.where(({ registered }) => registered);
    expect(bodies).toEqual(['node', 'flat', 'flat', 'flat']);
  });

  it('an agent that speaks the other dialect from now on is understood at once', async () => {
    const bodies: string[] = [];
    let dialect = 'flat';
    script((socket, request) => {
      const spoken = request.body.includes('"app_id"') ? 'flat' : 'node';
      bodies.push(spoken);
      const accepted = dialect === 'flat' ? answer(200, '{"state":"Serving"}') : ACCEPTED;
      const refusal = dialect === 'flat' ? answer(400, '{"error":"no"}') : envelope(400, 'register_failed');
      answers(spoken === dialect ? accepted : refusal)(socket, request);
    });
    await greeter.start();
    await greeter.where(({ registered }) => registered);
    dialect = 'node';
    await greeter.drop();
    await greeter.where(({ registered }) => registered);
    expect(bodies).toEqual(['node', 'flat', 'flat', 'node']);
    expect(greeter.status).toMatchObject({ dialect: 'node', registerReplayFailureCount: 0 });
  });

  it.each([
    [200, 'POST /register'],
    [500, 'answered 500'],
  ])('endless body of a %d: cut at the body cap, memory bounded', async (status, told) => {
    let flooding: Promise<Flood> | undefined;
    const block = chunk(' '.repeat(65_536));
    script((socket) => {
      socket.write(`HTTP/1.1 ${status} Endless\r\n${CHUNKED}`);
      flooding = flood(socket, block, 100 * MIB);
    });
    await greeter.start({ reconnectInterval: '1m', maxReconnectInterval: '1m' });
    const { lastError } = await greeter.where(({ nextRetryAt }) => nextRetryAt !== null);
    expect(lastError).toMatch(status === 500 ? told : /UND_ERR_RES_EXCEEDED_MAX_SIZE/);
    const { written, growth } = await (flooding ?? Promise.reject(new Error('no register')));
    expect(written).toBeLessThan(40 * MIB);
    expect(growth).toBeLessThan(60 * MIB);
  });

  it.each([
    ['non-JSON', answer(200, 'OK, I have it')],
    ['a 201 in HTML', answer(201, '<html></html>', { 'content-type': 'text/html' })],
    ['no body', answer(200, '')],
    ['a 204', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['null', answer(200, 'null')],
    ['a list', answer(200, '[{"success":false}]')],
    ['half a JSON text', answer(200, '{"success":')],
    ['a megabyte', answer(200, `{"success":true,"message":"${'x'.repeat(MIB - 40)}"}`)],
  ])('%s: judged by its status alone, and that says yes', async (_what, text) => {
    script(answers(text));
    await greeter.start();
    await greeter.app.get(SidecarAgent).registered();
    expect(greeter.status).toMatchObject({
      registerReplayCount: 1,
      registerReplayFailureCount: 0,
      state: null,
    });
  });

  it('wrong types and `__proto__` in an answer: named fields are copied with their type checked', async () => {
    const data = '{"state":["Serving"],"instance_id":5,"drain_deadline":{},"__proto__":{"polluted":true}}';
    script(
      answers(
        answer(200, `{"success":true,"code":7,"message":{},"data":${data},"__proto__":{"polluted":1}}`),
      ),
    );
    await greeter.start({ app: { id: '1', name: 'a', env: 'e', version: 'v', instanceId: 'mine' } });
    await greeter.app.get(SidecarAgent).registered();
    expect(greeter.status).toMatchObject({ state: null, instanceId: 'mine' });
    expect(JSON.stringify(greeter.status)).not.toContain('polluted');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('no answer, and then a refused deregister of your code: repeated after a wait, not in a storm', async () => {
    const clock = new StillClock();
    greeter.agent.scripts = {
      ...greeter.agent.scripts,
      '/deregister': answers(envelope(500, 'deregister_failed')),
    };
    const providers = [{ provide: SidecarClock, useValue: clock }];
    await greeter.start({
      ...{ requestTimeout: 20, reconnectInterval: '1m', maxReconnectInterval: '1m', providers },
    });
    await greeter.where(({ nextRetryAt }) => nextRetryAt !== null);
    await expect(greeter.app.get(SidecarAgent).deregister()).rejects.toThrow('deregister_failed');
    await greeter.heard('a');
    expect(greeter.agent.to('/deregister')).toHaveLength(1);
    expect(clock.until(greeter.status.nextRetryAt)).toBe(30_000);
  });
});
