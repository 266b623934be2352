export { SidecarAgentHealthIndicator } from './sidecar-agent-health-indicator.js';
export type { SidecarHealthOptions, SidecarHealthRequirement } from './health-options.js';
