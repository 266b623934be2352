import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type CallOptions,
  type SidecarAnswer,
  SidecarClient,
} from '../../../lib/agent/client/sidecar-client.js';
import type { RegistrationEvent } from '../../../lib/registration/machine/registration-event.js';
import {
  initialState,
  type RegistrationState,
} from '../../../lib/registration/machine/registration-state.js';
import { RegisterCalls } from '../../../lib/registration/register-calls.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { MINIMAL } from '../fixtures/fixtures.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import { FIRST } from '../fixtures/registration-events.js';

/** A client whose registers are answered when a test says so. */
class HeldClient extends SidecarClient {
  readonly options: (CallOptions | undefined)[] = [];
  answer: (answer?: SidecarAnswer) => void = () => {};
  fail: (error: Error) => void = () => {};

  register(_node: unknown, options?: CallOptions): Promise<SidecarAnswer> {
    this.options.push(options);
    return new Promise((resolve, reject) => {
      this.answer = (answer = {}) => resolve(answer);
      this.fail = reject;
    });
  }

  drain(): Promise<SidecarAnswer> {
    return Promise.resolve({});
  }

  deregister(): Promise<SidecarAnswer> {
    return Promise.resolve({});
  }
}

describe('RegisterCalls', () => {
  let clock: ManualClock;
  let client: HeldClient;
  let state: RegistrationState;
  let reported: RegistrationEvent[];
  let left: AbortController;
  let calls: RegisterCalls;

  beforeEach(() => create());

  function create(more: { reassertInterval?: number } = {}): void {
    clock = new ManualClock();
    client = new HeldClient();
    state = { ...initialState({ enabled: true, graceful: true }), node: FIRST };
    reported = [];
    left = new AbortController();
    const settings = resolveOptions({ ...MINIMAL, ...more });
    const report = (event: RegistrationEvent) => void reported.push(event);
    calls = new RegisterCalls({ settings, client, clock }, report, () => state, left.signal);
  }

  async function send(call: number, isReplay = false): Promise<void> {
    void calls.send({ type: 'register', call, node: FIRST, isReplay });
    await setImmediate();
  }

  async function accept(took = 0): Promise<void> {
    await clock.advance(took);
    client.answer();
    await setImmediate();
  }

  const types = () => reported.map(({ type }) => type);

  describe('an agent that is slow', () => {
    it('is late after requestTimeout, and its answer counts', async () => {
      await send(1);
      expect(client.options).toEqual([{ dialect: undefined, timeout: 15_000 }]);
      await clock.advance(2_999);
      expect(reported).toEqual([]);
      await clock.advance(1);
      expect(reported).toEqual([{ type: 'late', call: 1, waited: 3_000, limit: 15_000 }]);
      await accept(9_000);
      expect(reported.at(-1)).toEqual({ type: 'answered', call: 1, answer: {} });
    });

    it('is given up within the time that a leave has for it', async () => {
      await send(1);
      await clock.advance(4_000);
      calls.giveUpWithin(3_000);
      await clock.advance(3_000);
      expect(reported.at(-1)).toMatchObject({ type: 'failed', call: 1, error: { kind: 'register_replay' } });
      expect(reported.at(-1)).toHaveProperty(
        'error.message',
        expect.stringMatching(/did not answer POST \/register before the service left$/),
      );
    });

    it('is not given up if it answers within that time', async () => {
      await send(1);
      calls.giveUpWithin(3_000);
      await accept(2_999);
      await clock.advance(60_000);
      expect(types()).toEqual(['answered']);
    });

    it('leaves no timer once the service has left', async () => {
      await send(1);
      calls.giveUpWithin(3_000);
      calls.reassertLater();
      left.abort();
      expect(clock.timers).toBe(0);
    });
  });

  describe('replays', () => {
    beforeEach(async () => {
      await send(1);
      await accept();
    });

    it('keep 100 ms between each other', async () => {
      await clock.advance(30);
      await send(2, true);
      await clock.advance(69);
      expect(client.options).toHaveLength(1);
      await clock.advance(1);
      expect(client.options).toHaveLength(2);
    });

    it('are sent at once after that time', async () => {
      await clock.advance(100);
      await send(2, true);
      expect(client.options).toHaveLength(2);
    });

    it('hold no other register back', async () => {
      await send(2);
      expect(client.options).toHaveLength(2);
    });

    it.each<Partial<RegistrationState>>([{ leaving: 'settling' }, { wanted: 'drained' }])(
      'are not sent if meanwhile the state is %j',
      async (meanwhile) => {
        await send(2, true);
        state = { ...state, ...meanwhile };
        await clock.advance(100);
        expect(client.options).toHaveLength(1);
        expect(reported.at(-1)).toEqual({ type: 'unsent', call: 2 });
      },
    );
  });

  describe('an accepted register', () => {
    async function registered(took: number): Promise<void> {
      await send(1);
      await accept(took);
      calls.reassertLater();
    }

    it('is due again after half of reassertInterval at least', async () => {
      await registered(0);
      await clock.advance(14_999);
      expect(types()).not.toContain('reassertDue');
      await clock.advance(1);
      expect(types()).toContain('reassertDue');
    });

    it('is due later at an agent that took long for it', async () => {
      await registered(1_400);
      await clock.advance(139_999);
      expect(types()).not.toContain('reassertDue');
      await clock.advance(1);
      expect(types()).toContain('reassertDue');
    });

    it('is due once for two that were accepted', async () => {
      await registered(0);
      await clock.advance(10_000);
      await registered(0);
      await clock.advance(15_000);
      expect(types().filter((type) => type === 'reassertDue')).toHaveLength(1);
    });

    it('is never due again with 0', async () => {
      create({ reassertInterval: 0 });
      await registered(0);
      expect(clock.timers).toBe(0);
    });
  });
});
