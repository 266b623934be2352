import type { Logger, Provider } from '@nestjs/common';
import { createDrainingController } from './events/draining-controller.js';
import { getDrainingToken } from './events/draining.token.js';
import { EventHandlers } from './events/event-handlers.js';
import {
  DRAINING,
  type InnerPart,
  INNER_PARTS,
  LOGGER,
  NEST_MODULES,
  type NestModules,
  RESOLVED_OPTIONS,
} from './inner-tokens.js';
import type { ResolvedOptions } from './options/resolved-options.js';
import type { SidecarStatusService } from './status/sidecar-status.service.js';

/** The providers of `@OnSidecar()` and `@Draining()`. */
export function eventProviders(name?: string): Provider[] {
  return [
    { provide: DRAINING, useFactory: createDrainingController },
    {
      provide: getDrainingToken(name),
      inject: [DRAINING],
      useFactory: ({ signal }: AbortController) => signal,
    },
    {
      provide: EventHandlers,
      inject: [RESOLVED_OPTIONS, NEST_MODULES, INNER_PARTS.status, LOGGER],
      useFactory: (
        { identity }: ResolvedOptions,
        { modules }: NestModules,
        { part: status }: InnerPart<SidecarStatusService>,
        logger: Logger,
      ) => new EventHandlers({ name, serviceName: identity.service.name, modules, status, logger }),
    },
  ];
}
