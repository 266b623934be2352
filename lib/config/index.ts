export type { SidecarAgentDefaults } from './defaults.js';
export {
  type SidecarAgentConfig,
  sidecarAgentConfig,
  sidecarAgentConfigWith,
} from './sidecar-agent-config.js';
