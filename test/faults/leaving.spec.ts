import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answer } from '../support/scripted-agent.js';
import { CONNECTED, inTurn } from './support/frames-streams.js';
import { LeavingGreeter } from './support/leaving-greeter.js';
import { ACCEPTED, answers, envelope, HeldAnswers } from './support/registers-answers.js';

const MINUTE = { reconnectInterval: '1m', maxReconnectInterval: '1m' };
const REFUSED = envelope(500, 'register_failed');
const DRAINING = envelope(200, 'register_ok', { state: 'Draining' });
/**
 * Far less than any wait that is meant to be cut short, and enough for a busy machine to end a
 * process.
 */
const AT_ONCE = 5_000;

describe('SIGTERM', () => {
  let greeter: LeavingGreeter;
  let held: HeldAnswers;

  beforeEach(async () => {
    held = new HeldAnswers();
    greeter = new LeavingGreeter();
    await greeter.agent.listen();
  });

  afterEach(() => greeter.close());

  function scripts(more: LeavingGreeter['agent']['scripts']): void {
    greeter.agent.scripts = { ...greeter.agent.scripts, ...more };
  }

  describe('during a register', () => {
    it.each([
      ['accepted', ACCEPTED, ['/register', '/drain', '/deregister']],
      // It may have landed all the same.
      ['refused', REFUSED, ['/register', '/drain', '/deregister']],
      ['held as draining', DRAINING, ['/register', '/deregister']],
    ])(
      'the first one: it is awaited (and %s), the last thing is deregister',
      async (_what, text, expected) => {
        scripts({ '/register': held.script });
        await greeter.start(MINUTE);
        await greeter.posted('/register');
        await greeter.terminate();
        greeter.streams.say(CONNECTED.repeat(100));
        expect(greeter.posts).toEqual(['/register']);
        held.give(text);
        expect(await greeter.ended()).toMatchObject({ code: 0 });
        expect(greeter.posts).toEqual(expected);
      },
    );

    it.each([
      ['accepted', ACCEPTED],
      ['refused', REFUSED],
    ])('a replay: it is awaited (and %s), then drain, deregister', async (_what, text) => {
      scripts({ '/register': inTurn(answers(ACCEPTED), held.script) });
      await greeter.start(MINUTE);
      await greeter.process.printed('Registered greeter');
      greeter.streams.say(CONNECTED);
      await greeter.agent.until(() => held.count === 1);
      await greeter.terminate();
      expect(greeter.posts).toEqual(['/register', '/register']);
      held.give(text);
      expect(await greeter.ended()).toMatchObject({ code: 0 });
      expect(greeter.posts).toEqual(['/register', '/register', '/drain', '/deregister']);
    });

    it('never answered: it is awaited until its deadline, not aborted, and the agent has the last word', async () => {
      const requestTimeout = 1_500;
      let arrived = 0;
      let closed = 0;
      let left = 0;
      scripts({
        '/register': (socket) => {
          arrived = performance.now();
          socket.once('close', () => (closed = performance.now()));
        },
        '/deregister': (socket) => {
          left = performance.now();
          socket.write(answer(200));
        },
      });
      await greeter.start({ requestTimeout });
      await greeter.posted('/register');
      greeter.process.signal('SIGTERM');
      expect(await greeter.ended()).toMatchObject({ code: 0 });
      expect(closed - arrived).toBeGreaterThan(requestTimeout / 2);
      expect(left - arrived).toBeGreaterThan(requestTimeout / 2);
      expect(left - arrived).toBeLessThan(requestTimeout + AT_ONCE);
      expect(greeter.posts).toEqual(['/register', '/drain', '/deregister']);
    });

    it('no register follows, whatever the agent says meanwhile', async () => {
      scripts({ '/drain': held.script });
      await greeter.start();
      await greeter.process.printed('Registered greeter');
      greeter.process.signal('SIGTERM');
      await greeter.agent.until(() => held.count === 1);
      greeter.streams.say(CONNECTED.repeat(1_000));
      greeter.streams.last.resetAndDestroy();
      await greeter.agent.until(() => greeter.streams.sockets.length === 2);
      held.give(answer(200));
      expect(await greeter.ended()).toMatchObject({ code: 0 });
      expect(greeter.posts).toEqual(['/register', '/drain', '/deregister']);
    });
  });

  describe('during a backoff wait: ends at once', () => {
    it('for the first stream: nothing was ever sent', async () => {
      scripts({ '/watch': answers(answer(503)) });
      await greeter.start(MINUTE);
      await greeter.process.printed('reconnecting');
      greeter.process.signal('SIGTERM');
      const { code, took } = await greeter.ended();
      expect(code).toBe(0);
      expect(took).toBeLessThan(AT_ONCE);
      expect(greeter.posts).toEqual([]);
    });

    it('for the next stream: drain, deregister', async () => {
      await greeter.start(MINUTE);
      await greeter.process.printed('Registered greeter');
      greeter.streams.last.resetAndDestroy();
      await greeter.process.printed('reconnecting');
      greeter.process.signal('SIGTERM');
      const { code, took } = await greeter.ended();
      expect(code).toBe(0);
      expect(took).toBeLessThan(AT_ONCE);
      expect(greeter.posts).toEqual(['/register', '/drain', '/deregister']);
      expect(greeter.agent.to('/watch')).toHaveLength(1);
    });

    it('for the next register: drain, deregister, since the one that failed may have landed', async () => {
      scripts({ '/register': answers(REFUSED) });
      await greeter.start(MINUTE);
      await greeter.process.printed('retrying while connected');
      greeter.process.signal('SIGTERM');
      const { code, took } = await greeter.ended();
      expect(code).toBe(0);
      expect(took).toBeLessThan(AT_ONCE);
      expect(greeter.posts).toEqual(['/register', '/drain', '/deregister']);
    });

    it('nor does it wait for a stream that is being opened', async () => {
      scripts({ '/watch': () => {} });
      await greeter.start({ ...MINUTE, requestTimeout: '1m' });
      await greeter.process.printed('LISTENING');
      await greeter.agent.until(() => greeter.agent.to('/watch').length === 1);
      greeter.process.signal('SIGTERM');
      const { code, took } = await greeter.ended();
      expect(code).toBe(0);
      expect(took).toBeLessThan(AT_ONCE);
      expect(greeter.posts).toEqual([]);
    });
  });
});
