import { Logger, type Provider } from '@nestjs/common';
import { applicationProviders } from './application.providers.js';
import { HttpSidecarClient } from './agent/client/http-sidecar-client.js';
import { SidecarClient } from './agent/client/sidecar-client.js';
import { HttpEventSource } from './agent/watch/http-event-source.js';
import { SidecarEventSource } from './agent/watch/sidecar-event-source.js';
import { WatchService } from './agent/watch/watch.service.js';
import { eventProviders } from './event.providers.js';
import { EventHandlers } from './events/event-handlers.js';
import { InFlightCalls } from './in-flight/in-flight-calls.js';
import {
  DRAINING,
  KEPT_BY,
  type KeptBy,
  LOGGER,
  RESOLVED_OPTIONS,
  type InnerPart,
  INNER_PARTS,
} from './inner-tokens.js';
import { LeaveHold } from './lifecycle/leave-hold.js';
import type { ResolvedOptions } from './options/resolved-options.js';
import { optionsProviders } from './options.providers.js';
import { RegistrationKeeper } from './registration-file/registration-keeper.js';
import { RegistrationController } from './registration/registration-controller.js';
import { getSidecarAgentToken } from './sidecar-agent.token.js';
import { NO_FACTS } from './status/registration-facts.js';
import { SidecarStatusService } from './status/sidecar-status.service.js';
import { bindMembers } from './support/bind-members.js';
import { SidecarClock, SystemClock } from './support/timing/sidecar-clock.js';
import { innerParts } from './inner-parts.providers.js';

/**
 * Returns all providers of a module: it shows how the parts are put together. The module exports
 * some of them, and those have tokens with the name of the module. Inside the module, too, since
 * `app.get()` searches every module and would find the class of any.
 */
export function sidecarAgentProviders(name?: string): Provider[] {
  const parts = [
    optionsProviders,
    commonProviders,
    agentProviders,
    eventProviders,
    registrationProviders,
    applicationProviders,
    innerParts,
  ];
  return [loggerProvider(name), ...parts.flatMap((providers) => providers(name)).map(bindInstance)];
}

function loggerProvider(name?: string): Provider {
  return {
    provide: LOGGER,
    useFactory: () => new Logger(name === undefined ? 'SidecarAgent' : `SidecarAgent:${name}`),
  };
}

/** Lets what a factory creates work through a `Proxy` that Nest may put around it. */
function bindInstance(provider: Provider): Provider {
  if (!('useFactory' in provider)) return provider;
  const create = provider.useFactory as (...parts: unknown[]) => object;
  return { ...provider, useFactory: (...parts: unknown[]) => bindMembers(create(...parts)) };
}

/** What all parts use. */
function commonProviders(): Provider[] {
  return [
    { provide: SidecarClock, useClass: SystemClock },
    {
      provide: LeaveHold,
      inject: [RESOLVED_OPTIONS, INNER_PARTS.clock, LOGGER],
      useFactory: (options: ResolvedOptions, { part: clock }: InnerPart<SidecarClock>, logger: Logger) =>
        new LeaveHold(options, clock, logger),
    },
    {
      provide: InFlightCalls,
      inject: [INNER_PARTS.clock],
      useFactory: ({ part: clock }: InnerPart<SidecarClock>) => new InFlightCalls(clock),
    },
  ];
}

/** How the module talks to the agent. */
function agentProviders(name?: string): Provider[] {
  return [
    {
      provide: getSidecarAgentToken(name, SidecarClient),
      inject: [RESOLVED_OPTIONS, INNER_PARTS.clock],
      useFactory: (options: ResolvedOptions, { part: clock }: InnerPart<SidecarClock>) =>
        new HttpSidecarClient(options, clock),
    },
    {
      provide: SidecarEventSource,
      inject: [RESOLVED_OPTIONS, INNER_PARTS.clock],
      useFactory: (options: ResolvedOptions, { part: clock }: InnerPart<SidecarClock>) =>
        new HttpEventSource(options, clock),
    },
    {
      provide: getSidecarAgentToken(name, WatchService),
      inject: [INNER_PARTS.source, RESOLVED_OPTIONS, INNER_PARTS.clock],
      useFactory: (
        { part: source }: InnerPart<SidecarEventSource>,
        options: ResolvedOptions,
        { part: clock }: InnerPart<SidecarClock>,
      ) => new WatchService(source, options, clock),
    },
  ];
}

/** When the module registers, and what it tells of it. */
function registrationProviders(name?: string): Provider[] {
  return [
    {
      provide: getSidecarAgentToken(name, SidecarStatusService),
      inject: [InFlightCalls],
      useFactory: (calls: InFlightCalls) => new SidecarStatusService(NO_FACTS, calls),
    },
    {
      provide: KEPT_BY,
      inject: [RESOLVED_OPTIONS, LOGGER],
      useFactory: ({ enabled, registrationFile }: ResolvedOptions, logger: Logger): KeptBy =>
        enabled && registrationFile ? { keeper: new RegistrationKeeper(registrationFile, logger) } : {},
    },
    {
      provide: getSidecarAgentToken(name, RegistrationController),
      inject: [
        RESOLVED_OPTIONS,
        INNER_PARTS.client,
        INNER_PARTS.watch,
        INNER_PARTS.status,
        InFlightCalls,
        LeaveHold,
        INNER_PARTS.clock,
        LOGGER,
        KEPT_BY,
        EventHandlers,
        DRAINING,
      ],
      useFactory: (
        settings: ResolvedOptions,
        { part: client }: InnerPart<SidecarClient>,
        { part: watch }: InnerPart<WatchService>,
        { part: status }: InnerPart<SidecarStatusService>,
        calls: InFlightCalls,
        hold: LeaveHold,
        { part: clock }: InnerPart<SidecarClock>,
        logger: Logger,
        { keeper }: KeptBy,
        listener: EventHandlers,
        leaving: AbortController,
      ) => {
        const parts = { settings, client, watch, status, calls, hold, clock, logger, listener, leaving };
        return new RegistrationController({ ...parts, memory: keeper });
      },
    },
  ];
}
