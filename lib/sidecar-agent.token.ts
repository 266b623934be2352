import type { InjectionToken } from '@nestjs/common';
import { SidecarAgent } from './sidecar-agent.js';

/** A class that the module provides, such as `SidecarAgent` or `SidecarStatusService`. */
export type SidecarAgentPart = abstract new (...args: never[]) => unknown;

/**
 * Returns the injection token of a provider of a named `SidecarAgentModule`. Without a name, that
 * is the class itself.
 *
 * @param name the `name` of the module
 * @param part `SidecarAgent`, `SidecarStatusService`, `SidecarClient`, `WatchService` or
 *   `RegistrationController`; or `SidecarAgentHealthIndicator` of the entry point `./terminus`
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
