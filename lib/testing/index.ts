export { serveAgentPage } from '../agent-page/serve-agent-page.js';
export type { AgentPageOptions } from '../agent-page/agent-page-options.js';
export type { AgentDialect } from './agent-dialect.js';
export type { AgentEventListener, AgentEventMap, AgentWatchChange } from './agent-event-map.js';
export type {
  AgentInstance,
  AgentInstanceDescription,
  AgentInstanceState,
  AgentStateChange,
} from './agent-instance.js';
export type { AgentRequest } from './agent-request.js';
export { EmbeddedAgent } from './embedded-agent.js';
export { EmbeddedAgentError } from './embedded-agent.error.js';
export type { EmbeddedAgentErrorKind } from './embedded-agent.error.js';
export type { EmbeddedAgentOptions } from './embedded-agent-options.js';
export type { LoseOptions } from './lose-options.js';
export type { ScriptedFailure } from './scripted-failure.js';
export type { AgentPath } from './server/agent-routes.js';
export type { TestOptions } from './test-options.js';
export type { Truthy, WaitForOptions } from './wait-until.js';
export type { WatchStyle } from './wire/watch-frames.js';
export type { HttpRoute, ProxyRoute, TranscodingRoute } from '../service/routes/http-route.js';
export {
  SidecarAgentTestingModule,
  type SidecarAgentTestingOptions,
} from '../testing-kit/sidecar-agent-testing.module.js';
export { type ProviderOverrides, withoutSidecarAgent } from '../testing-kit/without-sidecar-agent.js';
