import { describe, expect, it } from '@jest/globals';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import type { SidecarAgentOptions } from '../../../lib/options/sidecar-agent-options.interface.js';
import type { Hopelessness } from '../../../lib/registration/machine/registration-command.js';
import type { RegistrationEvent } from '../../../lib/registration/machine/registration-event.js';
import { RetryTimer } from '../../../lib/registration/retry-timer.js';
import { options } from '../fixtures/fixtures.js';
import { ManualClock } from '../fixtures/manual-clock.js';

type Headers = SidecarAgentOptions['headers'];

const LEAVE_BY = 20_000;
const FIXED: Headers = { authorization: 'Bearer of-the-start' };
const RENEWED: Headers = () => ({ authorization: 'Bearer of-now' });

/** Returns when a deregister that always fails is given up, if the first one is sent at 0. */
async function givenUpAt(headers: Headers, hopeless?: Hopelessness): Promise<number> {
  const clock = new ManualClock();
  const events: RegistrationEvent['type'][] = [];
  const settings = resolveOptions(options({ headers, requestTimeout: '3s' }), []);
  const timer = new RetryTimer(settings, clock, ({ type }) => events.push(type));
  for (let failures = 1; events.at(-1) !== 'gaveUp'; failures += 1) {
    const command = { type: 'retryGoodbye', failures, operation: 'deregister', hopeless } as const;
    timer.waitForGoodbye(command, { leaveBy: LEAVE_BY, deregisteredAt: 0 });
    while (events.at(-1) === 'scheduled') await clock.advance(100);
  }
  return clock.elapsed();
}

describe('RetryTimer', () => {
  it.each<[string, Headers, Hopelessness | undefined, from: number, to: number]>([
    ['until one more does not fit into the leave', FIXED, undefined, 12_000, 17_000],
    ['for 2 s if the agent is gone', RENEWED, 'agent gone', 500, 2_000],
    ['for 2 s if the agent refuses credentials that stay the same', FIXED, 'credentials refused', 500, 2_000],
    ['longer if they may be renewed', RENEWED, 'credentials refused', 12_000, 17_000],
  ])('repeats a deregister %s', async (_what, headers, hopeless, from, to) => {
    const at = await givenUpAt(headers, hopeless);
    expect(at).toBeGreaterThanOrEqual(from);
    expect(at).toBeLessThanOrEqual(to);
  });
});
