export { EmbeddedAgent } from './embedded-agent.js';
export { EmbeddedAgentError } from './embedded-agent.error.js';
export type { EmbeddedAgentErrorKind } from './embedded-agent.error.js';
export type { EmbeddedAgentOptions } from './embedded-agent-options.js';
export type { AgentDialect } from './agent-dialect.js';
export type { AgentEventListener, AgentEventMap, AgentWatchChange } from './agent-events.js';
export type {
  AgentInstance,
  AgentInstanceDescription,
  AgentInstanceState,
  AgentStateChange,
} from './agent-instance.js';
export type { HttpRoute, ProxyRoute, TranscodingRoute } from '../node/http-route.js';
export type { AgentRequest } from './agent-request.js';
export type { AgentPath } from './agent-routes.js';
export type { ScriptedFailure } from './scripted-faults.js';
export type { Truthy, WaitForOptions } from './wait-until.js';
export type { WatchStyle } from './watch-frames.js';
