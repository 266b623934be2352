import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarClock, SidecarStatusService } from '../../lib/index.js';
import { postedPaths } from '../support/posted-paths.js';
import { answer } from '../support/scripted-agent.js';
import { CONNECTED, inTurn } from './support/frames-streams.js';
import { answers, envelope, HeldAnswers } from './support/registers-answers.js';
import { StillClock } from './support/registers-clock.js';
import { RegisteringGreeter } from './support/registers-greeter.js';

/** An instance as agents of either dialect tell of it. */
const TOLD: Record<string, (state: string) => string> = {
  node: (state) => envelope(200, 'register_ok', { state, instance_id: 'i-1' }),
  flat: (state) => answer(200, JSON.stringify({ instance_id: 'i-1', state, request: {} })),
};
const held = (state: string) => answers(envelope(200, 'register_ok', { state }));
const TWENTY = Array.from({ length: 20 }, () => held('Draining'));
const MINUTE = { reconnectInterval: '1m', maxReconnectInterval: '1m' };

describe('the agent still holds this instance as `Draining`', () => {
  let greeter: RegisteringGreeter;

  beforeEach(async () => {
    greeter = new RegisteringGreeter();
    await greeter.agent.listen();
  });

  afterEach(() => greeter.close());

  const posts = () => postedPaths(greeter.agent.requests);

  describe.each(Object.keys(TOLD))('in the words of a %s agent', (dialect) => {
    const tell = (state: string) => TOLD[dialect]?.(state) ?? '';

    it.each(['Draining', 'Deregistered'])('%s: deregister, register again', async (state) => {
      const deregisters = new HeldAnswers();
      const { agent, held: registers } = greeter;
      agent.scripts = { ...agent.scripts, '/deregister': deregisters.script };
      await greeter.start(MINUTE);
      await agent.until(() => registers.count === 1);
      registers.give(tell(state));
      await agent.until(() => deregisters.count === 1);
      const leftOver = { connected: true, registered: false, phase: 'registering', registerReplayCount: 0 };
      expect(greeter.status).toMatchObject({ ...leftOver, state });

      deregisters.give(answer(200));
      await agent.until(() => registers.count === 1);
      expect(greeter.status).toMatchObject(leftOver);
      registers.give(tell('Registered'));
      const told = await greeter.where(({ registered }) => registered);
      expect(told).toMatchObject({ state: 'Registered', instanceId: 'i-1', registerReplayFailureCount: 0 });
      expect(posts()).toEqual(['/register', '/deregister', '/register']);
    });

    it.each(['Init', 'Registered', 'Serving'])('%s: registered', async (state) => {
      await greeter.start(MINUTE);
      await greeter.agent.until(() => greeter.held.count === 1);
      greeter.held.give(tell(state));
      await greeter.where(({ registered }) => registered);
      expect(greeter.status.state).toBe(state);
      expect(posts()).toEqual(['/register']);
    });
  });

  describe('for several rounds', () => {
    async function startDraining(more: Parameters<RegisteringGreeter['start']>[0]): Promise<void> {
      greeter.agent.scripts = { ...greeter.agent.scripts, '/register': held('Draining') };
      await greeter.start(more);
    }

    it('each waits longer than the one before, and registered it is only when its state says so', async () => {
      const clock = new StillClock();
      const rounds = [1, 2, 3, 4, 5].map(() => held('Draining'));
      greeter.agent.scripts = { ...greeter.agent.scripts, '/register': inTurn(...rounds, held('Serving')) };
      const delays: (number | null)[] = [];
      const states: string[] = [];
      const providers = [{ provide: SidecarClock, useValue: clock }];
      await greeter.start({ reconnectInterval: 16, maxReconnectInterval: 80, providers });
      let last: string | null = null;
      greeter.app.get(SidecarStatusService).status$.subscribe(({ nextRetryAt, registered, state }) => {
        if (nextRetryAt !== null && nextRetryAt !== last) delays.push(clock.until(nextRetryAt));
        last = nextRetryAt;
        if (registered) states.push(state ?? '');
      });
      await greeter.where(({ registered }) => registered);
      // The first time it is put right at once.
      expect(delays).toEqual([16, 32, 40, 40]);
      expect(new Set(states)).toEqual(new Set(['Serving']));
      expect(posts()).toEqual([...rounds.flatMap(() => ['/register', '/deregister']), '/register']);
      expect(greeter.status).toMatchObject({ registerReplayCount: 1, disconnectCount: 0 });
    });

    it('no hot loop: not for a flood of `connected` either', async () => {
      await startDraining(MINUTE);
      await greeter.where(({ nextRetryAt }) => nextRetryAt !== null);
      greeter.streams.say(CONNECTED.repeat(1_000));
      await greeter.heard('1');
      expect(posts()).toEqual(['/register', '/deregister', '/register']);
      expect(greeter.status).toMatchObject({ registered: false, phase: 'registering', state: 'Draining' });
    });

    it.each([
      ['500: waits as well', envelope(500, 'deregister_failed'), ['/register', '/deregister']],
      [
        '400: it is gone',
        answer(400, '{"error":"local service not found: greeter"}'),
        ['/register', '/deregister', '/register'],
      ],
    ])('a deregister answered with %s', async (_what, text, expected) => {
      greeter.agent.scripts = { ...greeter.agent.scripts, '/deregister': answers(text) };
      await startDraining({ ...MINUTE, dialect: 'node' });
      await greeter.where(({ nextRetryAt }) => nextRetryAt !== null);
      await greeter.heard('1');
      expect(posts()).toEqual(expected);
      expect(greeter.status.registered).toBe(false);
    });

    it.each([
      ['the register', 'still holds this instance', { '/register': inTurn(...TWENTY, held('Serving')) }],
      [
        'the deregister',
        'POST /deregister answered 500',
        {
          '/register': inTurn(held('Draining'), held('Serving')),
          '/deregister': inTurn(...TWENTY.map(() => answers(answer(500))), answers(answer(200))),
        },
      ],
    ])('%s logged when it begins, at widening intervals, and when it ends', async (_what, line, scripts) => {
      greeter.agent.scripts = { ...greeter.agent.scripts, ...scripts };
      await greeter.start({ dialect: 'node', reconnectInterval: 1, maxReconnectInterval: 2 });
      await greeter.where(({ registered }) => registered);
      expect(posts().length).toBeGreaterThan(20);
      // The 1st, 4th and 16th time.
      expect(greeter.log.filter((text) => text.includes(line))).toHaveLength(3);
      expect(greeter.log.filter((text) => text.includes('Registered greeter'))).toHaveLength(1);
    });

    it('left in the midst of it: deregister, and nothing else', async () => {
      await startDraining({ ...MINUTE, shutdownTimeout: '15s' });
      await greeter.where(({ nextRetryAt }) => nextRetryAt !== null);
      await greeter.app.close();
      expect(posts()).toEqual(['/register', '/deregister', '/register', '/deregister']);
    });
  });
});
