import { Inject } from '@nestjs/common';
import { getSidecarAgentToken, type SidecarAgentPart } from './sidecar-agent.token.js';

/**
 * Injects a provider of a named `SidecarAgentModule`.
 *
 * @param name the `name` of the module; without a name it injects by class, as if the decorator
 *   were not there
 * @param part the class to inject
 * @default SidecarAgent
 *
 * @example
 * ```ts
 * constructor(
 *   @InjectSidecarAgent('billing') private readonly billing: SidecarAgent,
 *   @InjectSidecarAgent('billing', SidecarStatusService)
 *   private readonly status: SidecarStatusService,
 * ) {}
 * ```
 */
export function InjectSidecarAgent(
  name?: string,
  part?: SidecarAgentPart,
): PropertyDecorator & ParameterDecorator {
  return Inject(getSidecarAgentToken(name, part));
}
