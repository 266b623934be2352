export { type CallOptions, type SidecarAnswer, SidecarClient } from './client/sidecar-client.js';
export type { TlsOptions } from './connection/agent-endpoint.js';
export { AgentRunError, type AgentRunFailure, type AgentRunStage } from './errors/agent-run.error.js';
export { GatewayManifestError, type GatewayManifestFault } from './errors/gateway-manifest.error.js';
export { HttpRoutesError } from './errors/http-routes.error.js';
export { InvalidOptionsError, type OptionFault } from './errors/invalid-options.error.js';
export { InvalidSettingsError } from './errors/invalid-settings.error.js';
export { RegisterReplayError } from './errors/register-replay.error.js';
export { SidecarAgentError } from './errors/sidecar-agent.error.js';
export { SidecarApiError, type SidecarApiFailure } from './errors/sidecar-api.error.js';
export { SidecarConnectionError } from './errors/sidecar-connection.error.js';
export type { SidecarErrorKind } from './errors/sidecar-error-kind.js';
export { WatchError, type WatchErrorDetail, type WatchErrorKind } from './errors/watch.error.js';
export { buildGrpcMethods } from './grpc/build-grpc-methods.js';
export { grpcClientOptions, type MeshClient, type MeshClientOptions } from './grpc/grpc-client-options.js';
export {
  GrpcReflectionError,
  type GrpcReflectionErrorDetail,
  type GrpcReflectionOption,
} from './grpc/grpc-reflection.error.js';
export { protoIncludeDir } from './grpc/proto-include-dir.js';
export { SidecarIgnore } from './http/sidecar-ignore.decorator.js';
export { InjectSidecarAgent } from './injection/inject-sidecar-agent.decorator.js';
export { getSidecarAgentToken, type SidecarAgentPart } from './injection/sidecar-agent.token.js';
export type { ServiceChanges } from './node/build-service-node.js';
export type { HttpRoute, ProxyRoute, TranscodingRoute } from './node/http-route.js';
export { serviceDns, type ServiceName } from './node/service-dns.js';
export type { AppIdentity, Kernel, ServiceIdentity, ServiceNode } from './node/service-node.js';
export type { Duration } from './options/duration.js';
export type { HttpRouteOptions } from './options/http-route-options.interface.js';
export type {
  AppOptions,
  ServiceOptions,
  SidecarAgentOptions,
} from './options/sidecar-agent-options.interface.js';
export type { SidecarAgentOptionsFactory } from './options/sidecar-agent-options-factory.interface.js';
export type {
  AgentDescription,
  AgentEvent,
  AgentEventDetail,
  ConnectedEvent,
  ConnectionEvent,
  DisconnectedEvent,
  HeartbeatEvent,
} from './protocol/connection-event.js';
export type { DeregisterRequest, Dialect, DrainRequest } from './protocol/dialect.js';
export { RegistrationController } from './registration/registration.controller.js';
export type {
  ListenAddress,
  RunSidecarAppOptions,
  SidecarApp,
  SidecarAppSource,
} from './run/run-options.interface.js';
export { runSidecarApp } from './run/run-sidecar-app.js';
export { bootstrapOptions } from './settings/bootstrap-options.js';
export { SidecarAgent } from './sidecar-agent.js';
export { SidecarAgentModule } from './sidecar-agent.module.js';
export type { SidecarAgentModuleExtras } from './sidecar-agent.module-definition.js';
export type { RegistrationPhase } from './status/registration-facts.js';
export type { SidecarStatus } from './status/sidecar-status.js';
export { SidecarStatusService } from './status/sidecar-status.service.js';
export { SidecarClock } from './timing/sidecar-clock.js';
export { SidecarEventSource } from './watch/sidecar-event-source.js';
export { WatchService } from './watch/watch.service.js';
