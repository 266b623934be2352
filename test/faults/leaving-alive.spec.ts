import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { APP_SHAPES } from '../support/greeter-app.js';
import { answer, type Scripts } from '../support/scripted-agent.js';
import { LeavingGreeter } from './support/leaving-greeter.js';
import { answers, envelope } from './support/registers-answers.js';

const MINUTE = { reconnectInterval: '1m', maxReconnectInterval: '1m' };
/**
 * A process that nothing keeps alive ends well within it; a kept connection would be closed only
 * after 4 s.
 */
const AT_ONCE = 2_000;

/** What the agent does, and the line of the log or the path that shows that it has come to that. */
const STATES: readonly [state: string, scripts: Scripts, reached: string][] = [
  ['registered', {}, 'Registered greeter'],
  ['waiting for the next stream', { '/watch': answers(answer(503)) }, 'reconnecting'],
  ['waiting for the head of a stream', { '/watch': () => {} }, '/watch'],
  [
    'waiting for `connected`',
    { '/watch': answers('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n') },
    '/watch',
  ],
  ['waiting for a register', { '/register': () => {} }, '/register'],
  [
    'waiting for the next register',
    { '/register': answers(envelope(500, 'register_failed')) },
    'retrying while connected',
  ],
];

describe('`app.close()` without signals: nothing of ours keeps the process alive', () => {
  let greeter: LeavingGreeter;

  beforeEach(async () => {
    greeter = new LeavingGreeter();
    await greeter.agent.listen();
  });

  afterEach(() => greeter.close());

  /** Closes the application, and tells how long the process lived on. */
  async function close(): Promise<number> {
    greeter.process.endInput();
    await greeter.process.printed('CLOSED');
    const { code, took } = await greeter.ended();
    expect(code).toBe(0);
    return took;
  }

  async function start(scripts: Scripts, settings: Parameters<LeavingGreeter['start']>): Promise<void> {
    greeter.agent.scripts = { ...greeter.agent.scripts, ...scripts };
    await greeter.start(...settings);
    await greeter.process.printed('LISTENING');
  }

  async function reach(state: string): Promise<void> {
    if (!state.startsWith('/')) return greeter.process.printed(state);
    await greeter.agent.until(() => greeter.agent.to(state).length > 0);
  }

  it.each(STATES)('%s', async (_state, scripts, reached) => {
    await start(scripts, [{ ...MINUTE, requestTimeout: 2_500 }, { signals: false }]);
    await reach(reached);
    expect(await close()).toBeLessThan(AT_ONCE);
  });

  it.each(APP_SHAPES)('registered, a %s', async (shape) => {
    await start({}, [MINUTE, { shape, signals: false }]);
    await reach('Registered greeter');
    expect(await close()).toBeLessThan(AT_ONCE);
    expect(greeter.posts).toEqual(['/register', '/drain', '/deregister']);
  });

  it.each(['/drain', '/deregister'])('an agent that never answers %s', async (path) => {
    const bounds = { requestTimeout: '1m', shutdownTimeout: 400 };
    await start({ [path]: () => {} }, [bounds, { signals: false }]);
    await reach('Registered greeter');
    expect(await close()).toBeLessThan(AT_ONCE);
  });

  it('long waits and a stream that goes on for ever', async () => {
    await start({}, [{ idleTimeout: '1h', gracePeriod: '1h', shutdownTimeout: '2h' }, { signals: false }]);
    await reach('Registered greeter');
    expect(await close()).toBeLessThan(AT_ONCE);
  });

  it('no agent at all', async () => {
    await greeter.agent.close();
    await greeter.start({ ...MINUTE, baseUrl: 'http://127.0.0.1:9' }, { signals: false });
    await greeter.process.printed('reconnecting');
    expect(await close()).toBeLessThan(AT_ONCE);
  });
});
