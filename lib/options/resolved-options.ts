import type { ServiceSource } from '../service/service-source.js';
import type { ClientSettings } from '../agent/client/http-sidecar-client.js';
import type { RegistrationSettings } from '../registration/registration-settings.js';
import type { LifecycleSettings } from '../lifecycle/sidecar-agent-lifecycle.js';
import type { WatchSettings } from '../agent/watch/watch-settings.js';

/**
 * The options, checked and completed, in the words of those who work with them: every duration in milliseconds. The secret is
 * no part of them.
 */
export interface ResolvedOptions
  extends
    ServiceSource,
    ClientSettings,
    WatchSettings,
    RegistrationSettings,
    Omit<LifecycleSettings, 'protocol'> {}
