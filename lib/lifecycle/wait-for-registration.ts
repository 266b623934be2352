import type { Logger } from '@nestjs/common';
import type { SidecarAgent } from '../sidecar-agent.js';
import { settledWithin } from '../support/timing/settled-within.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';

/** What the wait works with. */
export interface RegistrationWait {
  readonly agent: SidecarAgent;
  readonly clock: SidecarClock;
  readonly logger: Logger;
  /** In milliseconds; 0 for none. */
  readonly limit: number;
}

/** Waits until the service is registered, and says so where the limit is over before. */
export async function waitForRegistration({ agent, clock, logger, limit }: RegistrationWait): Promise<void> {
  // Taken out by hand, it stays out until it is brought back by hand.
  const isHeldBack = () => ['draining', 'deregistered'].includes(agent.status().phase);
  if (limit === 0 || isHeldBack()) return;
  // A service that leaves meanwhile is waited for no more, and warned of neither.
  const inTime = await settledWithin(clock, limit, agent.registered());
  if (inTime || isHeldBack()) return;
  logger.warn(
    `Not registered within ${limit} ms (waitForRegistration): start-up goes on, and so do the tries`,
  );
}
