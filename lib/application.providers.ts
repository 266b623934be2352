import type { Logger, Provider } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost } from '@nestjs/core';
import { agentKindOf } from './agent/connection/agent-endpoint.js';
import { InFlightCalls } from './in-flight/in-flight-calls.js';
import {
  KEPT_BY,
  type KeptBy,
  LOGGER,
  NEST_MODULES,
  type NestModules,
  RESOLVED_OPTIONS,
  type InnerPart,
  INNER_PARTS,
} from './inner-tokens.js';
import { GrpcServerBinding } from './lifecycle/grpc-server-binding.js';
import { LeaveHold } from './lifecycle/leave-hold.js';
import { SidecarAgentLifecycle } from './lifecycle/sidecar-agent-lifecycle.js';
import type { ResolvedOptions } from './options/resolved-options.js';
import type { RegistrationController } from './registration/registration-controller.js';
import { ServiceUpdates } from './registration/service-updates.js';
import { ServiceNodeFactory } from './service/service-node.factory.js';
import { SidecarAgent } from './sidecar-agent.js';
import { getSidecarAgentToken } from './sidecar-agent.token.js';
import type { SidecarStatusService } from './status/sidecar-status.service.js';
import type { SidecarClock } from './support/timing/sidecar-clock.js';

/** What ties the registration to the Nest application: its servers, its node and its hooks. */
export function applicationProviders(name?: string): Provider[] {
  return [
    {
      provide: GrpcServerBinding,
      inject: [InFlightCalls, RESOLVED_OPTIONS],
      useFactory: (calls: InFlightCalls, { grpc, identity }: ResolvedOptions) =>
        new GrpcServerBinding(calls, grpc, identity.protocol === 'grpc'),
    },
    {
      provide: ServiceNodeFactory,
      inject: [
        RESOLVED_OPTIONS,
        NEST_MODULES,
        ApplicationConfig,
        HttpAdapterHost,
        INNER_PARTS.clock,
        LOGGER,
        KEPT_BY,
      ],
      useFactory: (
        options: ResolvedOptions,
        { modules }: NestModules,
        config: ApplicationConfig,
        http: HttpAdapterHost,
        { part: clock }: InnerPart<SidecarClock>,
        logger: Logger,
        { keeper }: KeptBy,
      ) => {
        const identity = keeper ? keeper.resume(options.identity) : options.identity;
        const source = { ...options, identity };
        return new ServiceNodeFactory({ source, application: { modules, config }, http, clock, logger });
      },
    },
    {
      provide: getSidecarAgentToken(name, SidecarAgent),
      inject: [
        RESOLVED_OPTIONS,
        INNER_PARTS.registration,
        ServiceNodeFactory,
        GrpcServerBinding,
        InFlightCalls,
        INNER_PARTS.clock,
      ],
      useFactory: (
        { enabled, identity, endpoint }: ResolvedOptions,
        { part: registration }: InnerPart<RegistrationController>,
        nodes: ServiceNodeFactory,
        binding: GrpcServerBinding,
        calls: InFlightCalls,
        { part: clock }: InnerPart<SidecarClock>,
      ) => {
        const buildNode = () => nodes.create({ own: binding.servers, others: binding.others });
        const rules = { protocol: identity.protocol, kind: agentKindOf(endpoint) };
        const updates = new ServiceUpdates(registration, buildNode, rules, clock);
        return new SidecarAgent(registration, updates, calls, enabled);
      },
    },
    {
      provide: SidecarAgentLifecycle,
      inject: [
        RESOLVED_OPTIONS,
        INNER_PARTS.agent,
        INNER_PARTS.registration,
        InFlightCalls,
        LeaveHold,
        GrpcServerBinding,
        NEST_MODULES,
        HttpAdapterHost,
        ApplicationConfig,
        INNER_PARTS.status,
        INNER_PARTS.clock,
        LOGGER,
      ],
      useFactory: (
        options: ResolvedOptions,
        { part: agent }: InnerPart<SidecarAgent>,
        { part: registration }: InnerPart<RegistrationController>,
        calls: InFlightCalls,
        hold: LeaveHold,
        binding: GrpcServerBinding,
        { modules }: NestModules,
        http: HttpAdapterHost,
        config: ApplicationConfig,
        { part: { status$ } }: InnerPart<SidecarStatusService>,
        { part: clock }: InnerPart<SidecarClock>,
        logger: Logger,
      ) => {
        if (!options.enabled) {
          logger.log('Disabled (enabled: false): nothing is registered, nothing is sent to the agent');
        }
        const settings = { ...options, protocol: options.identity.protocol };
        const report = (error: Error) => registration.recordError(error);
        const leaveAtOnce = (limit: number) => registration.leave(limit);
        const parts = { agent, calls, hold, binding, modules, http, config, status$, clock, logger };
        return new SidecarAgentLifecycle({ settings, report, leaveAtOnce, ...parts });
      },
    },
  ];
}
