export type { SidecarAgentDefaults } from './default-values.js';
export {
  type SidecarAgentConfig,
  sidecarAgentConfig,
  sidecarAgentConfigWith,
} from './sidecar-agent-config.js';
