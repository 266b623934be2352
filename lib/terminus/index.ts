export { SidecarAgentHealthIndicator } from './sidecar-agent-health-indicator.js';
