import { EmptyError, filter, firstValueFrom } from 'rxjs';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { SidecarStatus } from '../status/sidecar-status.js';
import type { SidecarStatusService } from '../status/sidecar-status.service.js';
import type { RegistrationState } from './machine/registration-state.js';

/**
 * Waits for a status that `isWanted` accepts.
 *
 * @throws {SidecarAgentError} if the service leaves the mesh first
 */
export async function statusWhere(
  { status$ }: SidecarStatusService,
  isWanted: (status: SidecarStatus) => boolean,
): Promise<SidecarStatus> {
  try {
    return await firstValueFrom(status$.pipe(filter(isWanted)));
  } catch (thrown) {
    throw thrown instanceof EmptyError ? notRegistered('the service has left the mesh') : thrown;
  }
}

/** Throws if the service is leaving the mesh or has left it: no register can follow. */
export function refuseLeaving({ leaving }: RegistrationState): void {
  if (leaving === 'left') throw notRegistered('the service has left the mesh');
  if (leaving) throw notRegistered('the service is leaving the mesh');
}

/** Throws if the option `enabled` is false: no register can follow. */
export function refuseDisabled({ enabled }: RegistrationState): void {
  if (!enabled) throw notRegistered('the option enabled is false');
}

/** Builds the error of a call that waits for a registration that cannot come. */
export function notRegistered(why: string): SidecarAgentError {
  return new SidecarAgentError('runtime_error', `not registered: ${why}`);
}
