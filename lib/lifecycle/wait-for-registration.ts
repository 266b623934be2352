import type { Logger } from '@nestjs/common';
import type { SidecarAgent } from '../sidecar-agent.js';
import { holdProcessDuring } from '../support/timing/hold-process.js';
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
 * Waits until the service is registered, and warns with the last error if it is not within the
 * limit. Does not wait for a service that is drained or deregistered manually, or that leaves the
 * mesh: no register follows.
 */
export async function waitForRegistration({ agent, clock, logger, limit }: RegistrationWait): Promise<void> {
  if (limit === 0 || isHeldBackManually(agent)) return;
  // The server may not keep the process alive, and the start would end with exit code 13.
  const inTime = await holdProcessDuring(settledWithin(clock, limit, agent.registered()));
  if (inTime || isHeldBackManually(agent)) return;
  const { lastError } = agent.status();
  const cause = lastError ? `last error: ${lastError}` : 'the agent has not answered so far';
  logger.warn(
    `Not registered within ${limit} ms (waitForRegistration), ${cause}; start-up continues and the module keeps retrying`,
  );
}

/** Returns whether the service is drained or deregistered: no register follows by itself. */
export function isHeldBackManually(agent: SidecarAgent): boolean {
  return ['draining', 'deregistered'].includes(agent.status().phase);
}
