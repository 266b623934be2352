import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarClock } from '../../lib/index.js';
import { answer } from '../support/scripted-agent.js';
import { CONNECTED, inTurn, says } from './support/frames-streams.js';
import { ACCEPTED, answers, envelope } from './support/registers-answers.js';
import { StillClock } from './support/registers-clock.js';
import { RegisteringGreeter } from './support/registers-greeter.js';

describe('registers', () => {
  let greeter: RegisteringGreeter;

  beforeEach(async () => {
    greeter = new RegisteringGreeter();
    await greeter.agent.listen();
  });

  afterEach(() => greeter.close());

  describe('flood of `connected`', () => {
    const thousands = CONNECTED.repeat(5_000);

    it('one register in flight, at most one waiting', async () => {
      const { agent, held, streams } = greeter;
      await greeter.start();
      await agent.until(() => greeter.posts === 1);
      streams.say(thousands);
      await greeter.heard('1');
      expect([greeter.posts, held.count]).toEqual([1, 1]);

      held.give(ACCEPTED);
      await agent.until(() => greeter.posts === 2);
      await greeter.heard('2');
      expect(greeter.status).toMatchObject({ registered: true, registerReplayCount: 1 });
      streams.say(thousands);
      await greeter.heard('3');
      expect([greeter.posts, held.count]).toEqual([2, 1]);

      held.give(ACCEPTED);
      await agent.until(() => greeter.posts === 3);
      held.give(ACCEPTED);
      await greeter.where(({ registerReplayCount }) => registerReplayCount === 3);
      await greeter.heard('4');
      expect([greeter.posts, held.count]).toEqual([3, 0]);
    });

    it('from its first byte on: one register and one more', async () => {
      const { agent, held, streams } = greeter;
      agent.scripts = {
        ...agent.scripts,
        '/watch': (socket, request) => {
          streams.sockets.push(socket);
          says(thousands)(socket, request);
        },
      };
      await greeter.start();
      await agent.until(() => greeter.posts === 1);
      await greeter.heard('1');
      held.give(ACCEPTED);
      await agent.until(() => greeter.posts === 2);
      held.give(ACCEPTED);
      await greeter.where(({ registerReplayCount }) => registerReplayCount === 2);
      await greeter.heard('2');
      expect([greeter.posts, held.count]).toEqual([2, 0]);
    });

    it('cuts no wait short that a failure called for', async () => {
      const { agent, held, streams } = greeter;
      const clock = new StillClock();
      await greeter.start({
        reconnectInterval: '1m',
        maxReconnectInterval: '1m',
        providers: [{ provide: SidecarClock, useValue: clock }],
      });
      await agent.until(() => held.count === 1);
      held.give(envelope(500, 'register_failed'));
      const { nextRetryAt } = await greeter.where((told) => told.nextRetryAt !== null);
      expect(clock.until(nextRetryAt)).toBe(30_000);
      streams.say(thousands);
      await greeter.heard('1');
      expect(greeter.posts).toBe(1);
      expect(greeter.status.nextRetryAt).toBe(nextRetryAt);
    });
  });

  describe('agent restarts during a register', () => {
    it.each([
      ['yes', ACCEPTED, 1, 0],
      ['no', envelope(500, 'register_failed'), 0, 1],
    ])('the old answer, a %s, must not set `registered`', async (_what, old, accepted, failed) => {
      const { agent, held } = greeter;
      await greeter.start();
      await agent.until(() => held.count === 1);
      await greeter.drop();
      await greeter.where(({ connected }) => connected);
      await greeter.heard('the new agent');
      expect([greeter.posts, greeter.status.registered]).toEqual([1, false]);

      held.give(old);
      await agent.until(() => greeter.posts === 2);
      await greeter.heard('after the old answer');
      expect(greeter.status).toMatchObject({
        connected: true,
        registered: false,
        phase: 'registering',
        registerReplayCount: accepted,
        registerReplayFailureCount: failed,
        nextRetryAt: null,
      });

      held.give(ACCEPTED);
      await greeter.where(({ registered }) => registered);
      expect([greeter.posts, held.count]).toEqual([2, 0]);
    });

    it('nor does it while there is no stream', async () => {
      const { agent, held, streams } = greeter;
      agent.scripts = {
        ...agent.scripts,
        '/watch': inTurn(streams.script, answers(answer(503)), answers(answer(503)), streams.script),
      };
      await greeter.start();
      await agent.until(() => held.count === 1);
      await greeter.drop();
      held.give(ACCEPTED);
      const old = await greeter.where(({ registerReplayCount }) => registerReplayCount === 1);
      expect(old).toMatchObject({ registered: false, phase: 'connecting' });
      await agent.until(() => greeter.posts === 2);
      expect(greeter.status.registered).toBe(false);
      held.give(ACCEPTED);
      await greeter.where(({ registered }) => registered);
    });

    it('an answer that died with the agent: registers with the new one at once', async () => {
      const { agent, held } = greeter;
      await greeter.start({ reconnectInterval: 20, maxReconnectInterval: '1m' });
      await agent.until(() => held.count === 1);
      await greeter.drop();
      await greeter.where(({ connected }) => connected);
      held.next().resetAndDestroy();
      await agent.until(() => greeter.posts === 2);
      expect(greeter.status).toMatchObject({ registerReplayFailureCount: 1, nextRetryAt: null });
      held.give(ACCEPTED);
      await greeter.where(({ registered }) => registered);
    });
  });
});
