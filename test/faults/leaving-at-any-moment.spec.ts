import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { GreeterProcess } from '../support/greeter-process.js';
import { LeavingCaller } from './support/leaving-caller.js';
import { DRAIN_DELAY, type LeavingPlan, leavingPlan, readSeeds } from './support/leaving-plan.js';

/** All of them: `SIGTERM_SEEDS=1-155 npm run test:faults -- leaving-at-any-moment`. */
const SEEDS = readSeeds(process.env.SIGTERM_SEEDS ?? '1-8');

const TIMES = { drainDelay: DRAIN_DELAY, gracePeriod: 5_000, requestTimeout: 1_000 };
/** `shutdownTimeout` by default. */
const BOUND = TIMES.gracePeriod + 3 * TIMES.requestTimeout;
/** A process that is still loading its modules takes a signal late. */
const START = 5_000;

jest.setTimeout(40_000);

describe('SIGTERM at any moment', () => {
  let agent: EmbeddedAgent;
  let greeter: GreeterProcess;
  let caller: LeavingCaller;

  afterEach(async () => {
    await greeter.kill();
    await caller.close();
    await agent.stop();
  });

  /** @param signal the end of the process: a restart would hide what that has left on the agent */
  async function disturb({ disturbance, disturbedAt }: LeavingPlan, signal: AbortSignal): Promise<void> {
    await delay(disturbedAt, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    if (disturbance === 'restart') {
      await agent.restart();
      caller.forget();
    }
    if (disturbance === 'dropped streams') agent.dropStreams();
  }

  async function terminate({ sigterm, lag }: LeavingPlan): Promise<number> {
    await delay(sigterm);
    const at = performance.now();
    greeter.signal('SIGTERM');
    // Later than the caller knows of the drain, and while the service serves on for the held call.
    const { release } = caller;
    setTimeout(release, lag + DRAIN_DELAY).unref();
    return at;
  }

  it.each(SEEDS.map((seed) => ({ seed, plan: leavingPlan(seed) })))(
    'loses no call and leaves nothing behind: seed $seed, $plan',
    async ({ plan }) => {
      const port = await freePort();
      agent = new EmbeddedAgent({ dialect: plan.dialect });
      await agent.start();
      caller = new LeavingCaller(port, agent, { lag: plan.lag, holds: plan.holdsCall });
      greeter = new GreeterProcess({ port, shape: plan.shape, sidecar: { baseUrl: agent.url, ...TIMES } });
      const over = new AbortController();
      const disturbed = disturb(plan, over.signal);
      const terminatedAt = await terminate(plan);
      const exited = await greeter.exited;
      over.abort();
      await disturbed;
      const took = performance.now() - terminatedAt;
      await caller.close();

      const posts = agent.requests().flatMap(({ method, path }) => (method === 'POST' ? [path] : []));
      // Until Nest handles signals, SIGTERM just ends the process, and nothing is registered.
      const isUnheard = exited === 'SIGTERM' && posts.length === 0;
      expect({ failures: caller.failures, exited, last: posts.at(-1), output: greeter.output }).toEqual({
        failures: [],
        exited: isUnheard ? 'SIGTERM' : 0,
        last: posts.length === 0 ? undefined : '/deregister',
        output: greeter.output,
      });
      expect(agent.services().filter(({ state }) => state !== 'Deregistered')).toEqual([]);
      expect(took).toBeLessThan(BOUND + START);
    },
  );
});
