export type { SidecarAgentDefaults } from '../settings/default-values.js';
export {
  type SidecarAgentConfig,
  sidecarAgentConfig,
  sidecarAgentConfigWith,
} from './sidecar-agent.config.js';
