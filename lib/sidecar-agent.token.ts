import type { InjectionToken } from '@nestjs/common';
import { SidecarAgent } from './sidecar-agent.js';

/** A class that the module provides, such as `SidecarAgent` or `SidecarStatusService`. */
export type SidecarAgentPart = abstract new (...args: never[]) => unknown;

/**
 * The DI token of what a named module provides; without a name that is the class itself.
 *
 * @param name the `name` that the module was given
 * @param part `SidecarAgent`, `SidecarStatusService`, `SidecarClient`, `WatchService` or `RegistrationController`, and of the
 *   entry point `./terminus` `SidecarAgentHealthIndicator`
 * @default SidecarAgent
 *
 * @example
 * ```ts
 * await app.get<SidecarAgent>(getSidecarAgentToken('billing')).registered();
 * ```
 */
export function getSidecarAgentToken(name?: string, part: SidecarAgentPart = SidecarAgent): InjectionToken {
  return name === undefined ? part : `${part.name}:${name}`;
}
