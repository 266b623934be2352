import type { Logger } from '@nestjs/common';
import type { SidecarAgent } from '../sidecar-agent.js';
import { settledWithin } from '../support/timing/settled-within.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';

/** What the wait works with. */
export interface RegistrationWait {
  readonly agent: SidecarAgent;
  readonly clock: SidecarClock;
  readonly logger: Logger;
  /** The longest wait in milliseconds; 0 for no wait. */
  readonly limit: number;
}

/**
 * Waits until the service is registered, and warns if it is not within the limit. Does not wait for
 * a service that is drained or deregistered manually, or that leaves the mesh: no register follows.
 */
export async function waitForRegistration({ agent, clock, logger, limit }: RegistrationWait): Promise<void> {
  const isHeldBack = () => ['draining', 'deregistered'].includes(agent.status().phase);
  if (limit === 0 || isHeldBack()) return;
  const inTime = await settledWithin(clock, limit, agent.registered());
  if (inTime || isHeldBack()) return;
  logger.warn(
    `Not registered within ${limit} ms (waitForRegistration); start-up continues and the module keeps retrying`,
  );
}
