import { afterEach, describe, expect, it } from '@jest/globals';
import { answer, ScriptedAgent } from '../support/scripted-agent.js';
import { inTurn } from './support/frames-streams.js';
import { ACCEPTED, answers } from './support/registers-answers.js';
import { StillClock } from './support/registers-clock.js';
import { RegisteringGreeter } from './support/registers-greeter.js';
import { WatchRun } from './support/watch-run.js';
import { SidecarClock } from '../../lib/index.js';

const busy = (status: number, retryAfter: string) =>
  answer(status, '{"error":"busy"}', { 'retry-after': retryAfter });

describe('Retry-After', () => {
  describe('of the event stream', () => {
    let agent: ScriptedAgent;
    let run: WatchRun;

    afterEach(async () => {
      run.stop();
      await agent.close();
    });

    async function waitsAfter(...texts: string[]): Promise<number[]> {
      agent = await new ScriptedAgent({ '/watch': inTurn(...texts.map(answers)) }).listen();
      run = new WatchRun({ baseUrl: agent.url });
      await run.drops(texts.length);
      return run.clock.waits.slice(0, texts.length);
    }

    it.each([429, 503])('of a %i is waited for, and then the stream is opened', async (status) => {
      const seen = await waitsAfter(busy(status, '1'));
      agent.scripts = {};
      expect(seen).toEqual([1_000]);
      const [drop] = await run.drops(1);
      expect(drop?.detail).toMatchObject({ statusCode: status, retryAfter: 1_000 });
      await run.events('connected');
    });

    it('makes no wait shorter, and none of another status longer', async () => {
      expect(await waitsAfter(busy(503, '0'), busy(500, '30'), busy(503, 'soon'))).toEqual([10, 20, 40]);
    });

    it('is waited for no longer than a minute', async () => {
      expect(await waitsAfter(busy(503, '86400'))).toEqual([60_000]);
    });
  });

  describe('of a register', () => {
    const greeter = new RegisteringGreeter();

    afterEach(() => greeter.close());

    it('is waited for while the stream stays open', async () => {
      const clock = new StillClock();
      const inFourSeconds = new Date(clock.now() + 4_000).toUTCString();
      await greeter.agent.listen();
      const register = inTurn(
        answers(busy(503, '1')),
        answers(busy(500, '5')),
        answers(busy(429, inFourSeconds)),
        answers(ACCEPTED),
      );
      greeter.agent.scripts = { ...greeter.agent.scripts, '/register': register };
      const providers = [{ provide: SidecarClock, useValue: clock }];
      await greeter.start({ reconnectInterval: 16, maxReconnectInterval: 128, providers });
      const waits = [];
      for (const failures of [1, 2, 3]) {
        const { nextRetryAt } = await greeter.where(
          (told) => told.registerReplayFailureCount === failures && told.nextRetryAt !== null,
        );
        waits.push(clock.until(nextRetryAt));
      }
      expect(waits).toEqual([1_000, 16, 4_000]);
      await greeter.where(({ registered }) => registered);
      expect(greeter.status.disconnectCount).toBe(0);
    });
  });
});
