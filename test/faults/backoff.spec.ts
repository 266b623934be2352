import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarClock, WatchService } from '../../lib/index.js';
import { answer, type Script } from '../support/scripted-agent.js';
import { CONNECTED } from './support/frames-streams.js';
import { ACCEPTED, answers, envelope } from './support/registers-answers.js';
import { StillClock } from './support/registers-clock.js';
import { RegisteringGreeter } from './support/registers-greeter.js';

const REFUSED = envelope(500, 'register_failed');
/** Half of each step: chance is always the least. */
const GROWING = [8, 16, 32, 64, 64, 64];

describe('backoff', () => {
  let greeter: RegisteringGreeter;
  let clock: StillClock;
  /** The waits for the next stream. */
  const waits: (number | null)[] = [];

  beforeEach(async () => {
    waits.length = 0;
    clock = new StillClock();
    greeter = new RegisteringGreeter();
    await greeter.agent.listen();
  });

  afterEach(() => greeter.close());

  async function start(register: Script): Promise<void> {
    script(register);
    const providers = [{ provide: SidecarClock, useValue: clock }];
    await greeter.start({ reconnectInterval: 16, maxReconnectInterval: 128, providers });
    greeter.app.get(WatchService).events$.subscribe((event) => {
      if (event.type === 'disconnected') waits.push(clock.until(event.nextRetryAt));
    });
  }

  function script(register: Script): void {
    greeter.agent.scripts = { ...greeter.agent.scripts, '/register': register };
  }

  /** One life of a stream: what becomes of its register, and how long it lives after that. */
  async function life(register: 'accepted' | 'refused' | 'none', milliseconds: number): Promise<void> {
    const { registerReplayCount, registerReplayFailureCount } = greeter.status;
    if (register === 'accepted')
      await greeter.where((told) => told.registerReplayCount > registerReplayCount);
    if (register === 'refused')
      await greeter.where((told) => told.registerReplayFailureCount > registerReplayFailureCount);
    await greeter.where(({ connected }) => connected);
    clock.pass(milliseconds);
    await greeter.drop();
  }

  describe('accept, say `connected`, die, again and again', () => {
    it('grows though each register succeeded', async () => {
      await start(answers(ACCEPTED));
      while (waits.length < GROWING.length) await life('accepted', 9_999);
      expect(waits).toEqual(GROWING);
    });

    it('grows though each stream lived for an hour, where no register succeeds', async () => {
      await start(answers(REFUSED));
      while (waits.length < GROWING.length) await life('refused', 3_600_000);
      expect(waits).toEqual(GROWING);
    });

    it('grows though each stream lived for an hour, where no register is answered', async () => {
      await start(() => {});
      while (waits.length < GROWING.length) await life('none', 3_600_000);
      expect(waits).toEqual(GROWING);
    });

    it('falls back after a register that succeeded and 10 s of life, both of the same stream', async () => {
      await start(answers(ACCEPTED));
      await life('accepted', 0);
      await life('accepted', 9_999);
      script(answers(REFUSED));
      await life('refused', 10_000);
      script(answers(ACCEPTED));
      await life('accepted', 10_000);
      await life('accepted', 0);
      await life('accepted', 10_001);
      expect(waits).toEqual([8, 16, 32, 8, 16, 8]);
    });

    it('does not count the time before `connected`', async () => {
      await start(answers(ACCEPTED));
      await life('accepted', 0);
      const { streams, agent } = greeter;
      const { length } = streams.sockets;
      agent.scripts = {
        ...agent.scripts,
        '/watch': (socket, request) => {
          clock.pass(60_000);
          streams.script(socket, request);
        },
      };
      await agent.until(() => streams.sockets.length > length);
      await life('accepted', 0);
      expect(waits).toEqual([8, 16]);
    });

    it('nor does `connected`, said again, begin a new life', async () => {
      await start(answers(ACCEPTED));
      await life('accepted', 0);
      await greeter.where(({ registerReplayCount }) => registerReplayCount === 2);
      clock.pass(9_000);
      greeter.streams.say(CONNECTED);
      await greeter.where(({ registerReplayCount }) => registerReplayCount === 3);
      clock.pass(1_000);
      await greeter.drop();
      expect(waits).toEqual([8, 8]);
    });
  });

  it('does not grow at streams that the agent ends in order, after a register that succeeded', async () => {
    await start(answers(ACCEPTED));
    for (let ended = 1; ended <= 4; ended += 1) {
      await greeter.where(({ registered }) => registered);
      greeter.streams.last.end('0\r\n\r\n');
      await greeter.where(({ disconnectCount }) => disconnectCount === ended);
    }
    expect(waits).toEqual([8, 8, 8, 8]);
  });

  it('grows at streams that the agent ends in order, where no register succeeds', async () => {
    await start(answers(REFUSED));
    for (let ended = 1; ended <= 4; ended += 1) {
      const { registerReplayFailureCount: failures } = greeter.status;
      await greeter.where((status) => status.connected && status.registerReplayFailureCount > failures);
      greeter.streams.last.end('0\r\n\r\n');
      await greeter.where(({ disconnectCount }) => disconnectCount === ended);
    }
    expect(waits).toEqual([8, 16, 32, 64]);
  });

  describe('of registers', () => {
    /** The waits for the next register, as the status tells of them. */
    async function registerWaits(count: number): Promise<(number | null)[]> {
      const seen = new Map<number, number | null>();
      await greeter.where(({ connected, nextRetryAt, registerReplayFailureCount: failures }) => {
        if (connected && nextRetryAt) seen.set(failures, clock.until(nextRetryAt));
        return seen.size === count;
      });
      return [...seen.values()];
    }

    it('retried with backoff while connected', async () => {
      await start(answers(REFUSED));
      expect(await registerWaits(6)).toEqual(GROWING);
      expect(waits).toEqual([]);
    });

    it('starts over with each success, and with each stream', async () => {
      await start(answers(REFUSED));
      expect(await registerWaits(3)).toEqual([8, 16, 32]);
      script(answers(ACCEPTED));
      await greeter.where(({ registered }) => registered);
      script(answers(REFUSED));
      greeter.streams.say(CONNECTED);
      expect(await registerWaits(2)).toEqual([8, 16]);
      await greeter.drop();
      expect(await registerWaits(2)).toEqual([8, 16]);
    });

    it('ends with the stream: none is sent until the next one is up', async () => {
      await start(answers(REFUSED));
      await greeter.where(
        ({ registerReplayFailureCount: failures, nextRetryAt }) => failures === 3 && !!nextRetryAt,
      );
      const { agent } = greeter;
      const { '/watch': up, ...scripts } = agent.scripts;
      agent.scripts = { ...scripts, '/watch': answers(answer(503)) };
      await greeter.drop();
      expect(agent.to('/watch')).toHaveLength(1);
      // These take longer than the wait for the register would have.
      await agent.until(() => agent.to('/watch').length === 5);
      expect(greeter.posts).toBe(3);
      agent.scripts = { ...scripts, ...(up && { '/watch': up }) };
      await agent.until(() => greeter.posts === 4);
    });
  });
});
