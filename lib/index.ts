// The module, and what you inject.
export { SidecarAgentModule } from './sidecar-agent.module.js';
export type { SidecarAgentModuleExtras } from './sidecar-agent.module-definition.js';
export { SidecarAgent } from './sidecar-agent.js';
export { InjectSidecarAgent } from './inject-sidecar-agent.decorator.js';
export { getSidecarAgentToken, type SidecarAgentPart } from './sidecar-agent.token.js';
export { SidecarStatusService } from './status/sidecar-status.service.js';
export type { Beacon } from './in-flight/beacon.js';
export type { DrainStatus, SidecarStatus } from './status/sidecar-status.js';
export type { RegistrationPhase } from './status/registration-phase.js';
export type { TimelineEntry, TimelineEntryType } from './status/timeline.js';
export {
  sidecarController,
  type SidecarControllerOptions,
  type SidecarReport,
} from './sidecar.controller.js';

// What happens, for methods and handlers of your own, and for channels of node:diagnostics_channel.
export { OnSidecar, type OnSidecarOptions } from './events/on-sidecar.decorator.js';
export type { SidecarEvent, SidecarEventType } from './events/sidecar-event.js';
export { Draining, type DrainingOptions } from './events/draining.decorator.js';
export { getDrainingToken } from './events/draining.token.js';
export type {
  SidecarCallMessage,
  SidecarMessage,
  SidecarShutdownMessage,
  SidecarStatusMessage,
} from './channels/sidecar-messages.js';

// The options.
export type { SidecarAgentOptions } from './options/sidecar-agent-options.interface.js';
export type { DisabledOptions } from './options/disabled-options.js';
export type { AppOptions } from './options/app-options.interface.js';
export type { ServiceOptions } from './options/service-options.interface.js';
export type { SidecarAgentOptionsFactory } from './options/sidecar-agent-options-factory.interface.js';
export type { ShutdownOptions } from './options/shutdown-options.interface.js';
export type { HttpRouteOptions } from './options/http-route-options.interface.js';
export type { RegistrationFileOptions } from './options/registration-file-options.interface.js';
export type { HeaderValues, TlsOptions } from './agent/connection/agent-endpoint.js';
export type { Duration } from './support/timing/duration.js';
export { bootstrapOptions } from './config/bootstrap-options.js';

// The service: its node, its methods, its routes.
export type { AppIdentity, Kernel, ServiceIdentity, ServiceNode } from './service/service-node.js';
export type { ServiceChanges } from './service/build-service-node.js';
export { serviceDns, type ServiceName } from './service/service-dns.js';
export type { HttpRoute, ProxyRoute, TranscodingRoute } from './service/routes/http-route.js';
export { SidecarIgnore } from './service/routes/sidecar-ignore.decorator.js';
export { buildGrpcMethods } from './service/grpc/build-grpc-methods.js';
export { protoIncludeDir } from './service/grpc/proto-include-dir.js';
export { grpcClientOptions, type MeshClient, type MeshClientOptions } from './service/grpc-client-options.js';

// Running an application from start to end.
export { runSidecarApp } from './managed-run/run-sidecar-app.js';
export type {
  ListenAddress,
  RunSidecarAppOptions,
  SidecarApp,
  SidecarAppSource,
} from './managed-run/run-options.interface.js';

// The parts, which providers of your own can replace.
export { type CallOptions, type SidecarAnswer, SidecarClient } from './agent/client/sidecar-client.js';
export type { DeregisterRequest, Dialect, DrainRequest } from './agent/protocol/dialect.js';
export { SidecarEventSource } from './agent/watch/sidecar-event-source.js';
export { WatchService } from './agent/watch/watch.service.js';
export type {
  AgentDescription,
  AgentEvent,
  AgentEventDetail,
  ConnectedEvent,
  ConnectionEvent,
  DisconnectedEvent,
  HeartbeatEvent,
} from './agent/protocol/connection-event.js';
export { RegistrationController } from './registration/registration-controller.js';
export { SidecarClock } from './support/timing/sidecar-clock.js';

// The errors.
export { SidecarAgentError } from './errors/sidecar-agent.error.js';
export type { SidecarErrorKind } from './errors/sidecar-error-kind.js';
export { AgentRunError, type AgentRunFailure, type AgentRunStage } from './errors/agent-run.error.js';
export { GatewayManifestError, type GatewayManifestFault } from './errors/gateway-manifest.error.js';
export {
  GrpcReflectionError,
  type GrpcReflectionErrorDetail,
  type GrpcReflectionOption,
} from './errors/grpc-reflection.error.js';
export { HttpRoutesError } from './errors/http-routes.error.js';
export { InvalidOptionsError, type OptionFault } from './errors/invalid-options.error.js';
export { InvalidSettingsError } from './errors/invalid-settings.error.js';
export { RegisterReplayError } from './errors/register-replay.error.js';
export { SidecarApiError, type SidecarApiFailure } from './errors/sidecar-api.error.js';
export { SidecarConnectionError } from './errors/sidecar-connection.error.js';
export { WatchError, type WatchErrorDetail, type WatchErrorKind } from './errors/watch.error.js';
