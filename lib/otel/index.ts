export { SidecarAgentOtelModule, type SidecarAgentOtelOptions } from './sidecar-agent-otel.module.js';
