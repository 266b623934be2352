import { Logger, type Provider } from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { Announcement } from './announcement.js';
import { InFlightCalls } from './calls/in-flight-calls.js';
import { HttpSidecarClient } from './client/http-sidecar-client.js';
import { SidecarClient } from './client/sidecar-client.js';
import { GrpcServerBinding } from './lifecycle/grpc-server.binding.js';
import { SidecarAgentLifecycle } from './lifecycle/sidecar-agent.lifecycle.js';
import { ServiceNodeFactory } from './lifecycle/service-node.factory.js';
import { resolveOptions } from './options/resolve-options.js';
import type { ResolvedOptions } from './options/resolved-options.js';
import { RegistrationController } from './registration/registration.controller.js';
import { SidecarAgent } from './sidecar-agent.js';
import { MODULE_OPTIONS_TOKEN } from './sidecar-agent.module-definition.js';
import { NO_FACTS } from './status/sidecar-facts.js';
import { SidecarStatusService } from './status/sidecar-status.service.js';
import { SidecarClock, SystemClock } from './timing/sidecar-clock.js';
import { HttpEventSource } from './watch/http-event-source.js';
import { SidecarEventSource } from './watch/sidecar-event-source.js';
import { WatchService } from './watch/watch.service.js';

/** The DI token of the options, checked and completed. */
export const RESOLVED_OPTIONS = Symbol('SidecarAgentResolvedOptions');

const LOGGER = Symbol('SidecarAgentLogger');

/** How the parts are put together; which of them other modules can inject is the module's to say. */
export const sidecarAgentProviders: Provider[] = [
  { provide: RESOLVED_OPTIONS, inject: [MODULE_OPTIONS_TOKEN], useFactory: resolveOptions },
  { provide: LOGGER, useFactory: () => new Logger('SidecarAgent') },
  { provide: SidecarClock, useClass: SystemClock },
  { provide: InFlightCalls, useFactory: () => new InFlightCalls() },
  {
    provide: SidecarClient,
    inject: [RESOLVED_OPTIONS, SidecarClock],
    useFactory: (options: ResolvedOptions, clock: SidecarClock) => new HttpSidecarClient(options, clock),
  },
  {
    provide: SidecarEventSource,
    inject: [RESOLVED_OPTIONS, SidecarClock],
    useFactory: (options: ResolvedOptions, clock: SidecarClock) => new HttpEventSource(options, clock),
  },
  {
    provide: WatchService,
    inject: [SidecarEventSource, RESOLVED_OPTIONS, SidecarClock],
    useFactory: (source: SidecarEventSource, options: ResolvedOptions, clock: SidecarClock) =>
      new WatchService(source, options, clock),
  },
  {
    provide: SidecarStatusService,
    inject: [InFlightCalls],
    useFactory: (calls: InFlightCalls) => new SidecarStatusService(NO_FACTS, calls),
  },
  {
    provide: RegistrationController,
    inject: [
      RESOLVED_OPTIONS,
      SidecarClient,
      WatchService,
      SidecarStatusService,
      InFlightCalls,
      SidecarClock,
      LOGGER,
    ],
    useFactory: (
      options: ResolvedOptions,
      client: SidecarClient,
      watch: WatchService,
      status: SidecarStatusService,
      calls: InFlightCalls,
      clock: SidecarClock,
      logger: Logger,
    ) => new RegistrationController({ options, client, watch, status, calls, clock, logger }),
  },
  {
    provide: GrpcServerBinding,
    inject: [InFlightCalls],
    useFactory: (calls: InFlightCalls) => new GrpcServerBinding(calls),
  },
  {
    provide: ServiceNodeFactory,
    inject: [RESOLVED_OPTIONS, SidecarClock, LOGGER],
    useFactory: (options: ResolvedOptions, clock: SidecarClock, logger: Logger) =>
      new ServiceNodeFactory(options, clock, logger),
  },
  {
    provide: SidecarAgent,
    inject: [RESOLVED_OPTIONS, RegistrationController, ServiceNodeFactory, GrpcServerBinding, SidecarClock],
    useFactory: (
      { enabled, identity }: ResolvedOptions,
      registration: RegistrationController,
      nodes: ServiceNodeFactory,
      binding: GrpcServerBinding,
      clock: SidecarClock,
    ) => {
      const describe = () => nodes.create(binding.servers);
      const announcement = new Announcement(registration, describe, identity.protocol, clock);
      return new SidecarAgent(registration, announcement, enabled);
    },
  },
  {
    provide: SidecarAgentLifecycle,
    inject: [
      RESOLVED_OPTIONS,
      SidecarAgent,
      GrpcServerBinding,
      ModulesContainer,
      HttpAdapterHost,
      SidecarClock,
      LOGGER,
    ],
    useFactory: (
      options: ResolvedOptions,
      agent: SidecarAgent,
      binding: GrpcServerBinding,
      modules: ModulesContainer,
      http: HttpAdapterHost,
      clock: SidecarClock,
      logger: Logger,
    ) => new SidecarAgentLifecycle({ options, agent, binding, modules, http, clock, logger }),
  },
];
