import { Inject } from '@nestjs/common';
import { getSidecarAgentToken, type SidecarAgentPart } from './sidecar-agent.token.js';

/**
 * Injects what a named module provides, the `SidecarAgent` or another part of it.
 *
 * @param name the `name` that the module was given; without one it is as if this decorator were not there
 * @param part the class that is injected
 * @default SidecarAgent
 *
 * @example
 * ```ts
 * constructor(
 *   @InjectSidecarAgent('billing') private readonly billing: SidecarAgent,
 *   @InjectSidecarAgent('billing', SidecarStatusService) private readonly status: SidecarStatusService,
 * ) {}
 * ```
 */
export function InjectSidecarAgent(
  name?: string,
  part?: SidecarAgentPart,
): PropertyDecorator & ParameterDecorator {
  return Inject(getSidecarAgentToken(name, part));
}
