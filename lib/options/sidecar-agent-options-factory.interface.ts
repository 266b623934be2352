import type { SidecarAgentOptions } from './sidecar-agent-options.interface.js';

/** What a class given as `useClass` or `useExisting` of `forRootAsync` must have. */
export interface SidecarAgentOptionsFactory {
  createSidecarAgentOptions(): SidecarAgentOptions | Promise<SidecarAgentOptions>;
}
