import type { DisabledOptions } from './disabled-options.js';
import type { SidecarAgentOptions } from './sidecar-agent-options.interface.js';

/**
 * The interface of a class that `SidecarAgentModule.forRootAsync` takes as `useClass` or
 * `useExisting`.
 */
export interface SidecarAgentOptionsFactory {
  /** Returns the options. Nest calls it once, when it creates the application. */
  createSidecarAgentOptions():
    SidecarAgentOptions | DisabledOptions | Promise<SidecarAgentOptions | DisabledOptions>;
}
